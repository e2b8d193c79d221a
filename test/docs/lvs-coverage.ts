/** What proves each word of services and their checks, or why nothing needs to: the data of docs/lvs-keywords.md. */
import type { Coverage } from './coverage-page.ts';
import { lvsWords } from './lvs-words.ts';
import { checkers } from './verdicts/lvs-checkers.ts';
import { lvsGlobals, lvsRoot, onLvsLines, ssl } from './verdicts/lvs-globals.ts';
import { realServer, virtualServer } from './verdicts/lvs-servers.ts';

export const lvsCoverage: Coverage = {
  title: 'What proves each keyword of services and checks',
  path: 'docs/lvs-keywords.md',
  words: lvsWords(),
  verdicts: {
    '': lvsRoot,
    global_defs: lvsGlobals,
    virtual_server: virtualServer,
    real_server: realServer,
    SSL: ssl,
    ...checkers,
    ...onLvsLines,
  },
  headings: {
    '': 'Outside of all blocks',
    protocol: 'Words of protocol',
    lb_algo: 'Words of lb_algo',
    lb_kind: 'Words of lb_kind, lvs_method and sorry_server_lvs_method',
    lvs_timeouts: 'Options of lvs_timeouts',
    lvs_sync_daemon: 'Options of lvs_sync_daemon',
    'a line of virtual_server_group': 'Words on a line of virtual_server_group',
  },
};
