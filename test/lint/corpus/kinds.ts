/** Why keepalived and holdfast may say different things of one file. A kind that explains nothing any more fails. */
export const kinds = {
  'interface-of-this-machine':
    'keepalived asks the machine whether an interface is there; only --host does that here',
  'script-of-this-machine':
    'keepalived looks for the program of a script and drops the script, and its own complaint about who runs it, where there is none; only --host does that here',
  'account-of-this-machine':
    'keepalived looks for the account that a script is to run as, and removes the script where there is none; only --host does that here',
  'names-of-this-machine':
    'keepalived asks the resolver for the mail server while it reads the file, and drops a name that is not known there',
  'build-of-this-machine': 'this build of keepalived has nftables and no iptables, and says so',
  cascade:
    'keepalived goes on in the middle of a block that it does not know or that a brace has torn open, and complains of each line; holdfast reports the cause, once',
  consequence:
    'keepalived reports first that a value is bad and then what is missing without it; holdfast reports the value',
  'masked-by-namespace':
    'where net_namespace names one that is not there, keepalived tests no virtual servers and takes the file for clean',
  'nameless-block':
    'keepalived leaves out an instance without a name and starts without it; holdfast does not start with a part of what was asked for',
  'nothing-lost':
    'keepalived warns of a list of mail addresses with nothing in it, which nobody can have meant otherwise; holdfast is silent',
  'silent-old-word':
    'some old words keepalived still takes without a message; holdfast reports each word that its manual calls old or does not have',
} as const;

export type Kind = keyof typeof kinds;
