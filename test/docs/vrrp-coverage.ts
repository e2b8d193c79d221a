/** What proves each word of VRRP, or why nothing needs to: the data of docs/vrrp-keywords.md. */
import type { VrrpWord } from './keywords.ts';
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
import type { Verdict, Verdicts } from './verdicts/verdict.ts';

export const verdicts: Verdicts = withLiveProofs({
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

export function verdictOf({ block, word }: Pick<VrrpWord, 'block' | 'word'>): Verdict | undefined {
  const ofBlock = verdicts[block];
  return ofBlock !== undefined && Object.hasOwn(ofBlock, word) ? ofBlock[word] : undefined;
}
