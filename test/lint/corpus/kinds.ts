/** Why keepalived and holdfast may say different things of one file. A kind that explains nothing any more fails. */
export const kinds = {
  'interface-of-this-machine': 'keepalived asks the machine whether an interface is there; only --host does that here',
  'script-of-this-machine':
    'keepalived looks for the program of a script and drops the script, and its own complaint about who runs it, where there is none; only --host does that here',
  'account-of-this-machine':
    'keepalived looks for the account that a script is to run as, and removes the script where there is none; only --host does that here',
  'build-of-this-machine': 'this build of keepalived has nftables and no iptables, and says so',
  'cascade':
    'keepalived goes on in the middle of a block that it does not know or that a brace has torn open, and complains of each line; holdfast reports the cause, once',
  'consequence':
    'keepalived reports first that a value is bad and then what is missing without it; holdfast reports the value',
  'masked-by-namespace':
    'where net_namespace names one that is not there, keepalived tests no virtual servers and takes the file for clean',
  'masked-by-exit': 'keepalived stops at the first fatal mistake; holdfast reads on',
  'silent-old-word':
    'some old words keepalived still takes without a message; holdfast reports each word that its manual calls old or does not have',
  'silent-change': 'keepalived uses a part of a value without a message, such as an address without its prefix length',
} as const;

export type Kind = keyof typeof kinds;
