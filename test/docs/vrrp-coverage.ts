/** What proves each word of VRRP, or why nothing needs to: the data of docs/vrrp-keywords.md. */

import type { Coverage } from './coverage-page.ts';
import { vrrpWords } from './keywords.ts';
import { instanceDefaults } from './verdicts/defaults.ts';
import { globalSettings } from './verdicts/global-defs.ts';
import { inInstance, instanceLines } from './verdicts/in-instance.ts';
import { instance } from './verdicts/instance.ts';
import { address, route, rule } from './verdicts/lines.ts';
import { withLiveProofs } from './verdicts/live.ts';
import { garpGroup, root, trackGroup } from './verdicts/root.ts';
import {
  instanceTells,
  instanceTracks,
  syncGroup,
  trackFileLine,
  trackingLines,
} from './verdicts/telling.ts';
import { bfdInstance, trackFile, trackProcess, vrrpScript } from './verdicts/trackers.ts';
import type { Verdicts } from './verdicts/verdict.ts';

const verdicts: Verdicts = withLiveProofs({
  '': root,
  global_defs: { ...globalSettings, ...instanceDefaults },
  vrrp_instance: { ...instance, ...instanceTells, ...instanceTracks },
  'vrrp_instance > authentication': inInstance.authentication,
  'vrrp_instance > auth_hmac': inInstance.auth_hmac,
  vrrp_sync_group: syncGroup,
  vrrp_script: vrrpScript,
  vrrp_track_process: trackProcess,
  track_file: trackFile,
  bfd_instance: bfdInstance,
  track_group: trackGroup,
  garp_group: garpGroup,
  address,
  route,
  rule,
  ...instanceLines,
  ...trackingLines,
  'a line of track_file': trackFileLine,
});

export const vrrpCoverage: Coverage = {
  title: 'What proves each keyword of VRRP',
  path: 'docs/vrrp-keywords.md',
  words: vrrpWords(),
  verdicts,
  headings: {
    '': 'Outside of all blocks',
    address: 'Options of an address',
    route: 'Options of a route',
    rule: 'Options of a rule',
    'a line of track_file': 'Options of a line of track_file',
  },
};
