/**
 * Words that keepalived.conf(5) names and keepalived does not read: whoever writes one has followed the manual, and so has
 * earned a better answer than "unknown". They are in no table.
 */

export interface ManPageOnlyWord {
  /** The table's name of the block that it stands in by the manual. */
  readonly block: string;
  readonly keyword: string;
  /** Set where `keyword` is known, and this word on its line, or in its list, is not. */
  readonly word?: string;
  /** The word to write instead, where there is one. */
  readonly replacement?: string;
  /** Completes "the manual page names it, but keepalived does not read it: ...". */
  readonly note: string;
}

const ipproto = {
  word: 'ip_proto',
  replacement: 'ipproto',
  note: 'the word is "ipproto"; with this one the whole rule is dropped',
};

export const manPageOnly: readonly ManPageOnlyWord[] = [
  {
    block: 'global_defs',
    keyword: 'state_file_location',
    replacement: 'state_dump_file',
    note: 'the keyword is "state_dump_file"',
  },
  {
    block: 'global_defs',
    keyword: 'stats_file_location',
    replacement: 'stats_dump_file',
    note: 'the keyword is "stats_dump_file", which has no effect either',
  },
  {
    block: 'global_defs',
    keyword: 'json_file_location',
    replacement: 'json_dump_file',
    note: 'the keyword is "json_dump_file", which has no effect either',
  },
  {
    block: 'global_defs',
    keyword: 'include_check',
    word: 'readable',
    replacement: 'read',
    note: 'the word is "read"; with this one unreadable files are not checked for',
  },
  {
    block: 'FILE_CHECK',
    keyword: 'dynamic',
    replacement: '',
    note: 'the value in the file always changes the weight of the server',
  },
  {
    block: 'vrrp_sync_group',
    keyword: 'notify_deleted',
    note: 'there is none for groups: put it into the instances',
  },
  { block: 'the configuration', keyword: 'static_rules', ...ipproto },
  { block: 'vrrp_instance', keyword: 'virtual_rules', ...ipproto },
];
