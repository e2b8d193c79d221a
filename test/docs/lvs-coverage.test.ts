/** Every word of services and checks has a verdict, every verdict holds, and docs/lvs-keywords.md says so. */
import { describe, expect, it } from 'vitest';
import { describeCoverage, nameOf } from './coverage-checks.ts';
import { lvsCoverage } from './lvs-coverage.ts';

describe('the words', () => {
  it('are those of the tables, with those on the lines of some keywords', () => {
    const names = lvsCoverage.words.map(nameOf);
    expect(names.length).toBeGreaterThan(250);
    expect(names).toEqual(
      expect.arrayContaining([
        'virtual_server',
        'global_defs > lvs_flush',
        'virtual_server > quorum',
        'real_server > uthreshold',
        'SSL_GET > url > digest',
        'SMTP_CHECK > host > connect_ip',
        'SSL > password',
        'lb_algo > twos',
        'lb_kind > FULLNAT',
        'lb_kind > remcsum',
        'lvs_sync_daemon > maxlen',
        'a line of virtual_server_group > fwmark',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describeCoverage(lvsCoverage);
