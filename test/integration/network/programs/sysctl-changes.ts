/** Changes the settings that are changed for all of VRRP, twice, and says what came of it. */
import { disableLocalIgmp, promoteSecondaries } from '../../../../src/kernel/sysctl.ts';
import { say } from './lines.ts';

say({
  kind: 'done',
  results: [
    promoteSecondaries('veth0'),
    promoteSecondaries('veth0'),
    promoteSecondaries('veth9'),
    disableLocalIgmp(),
  ],
});
