/**
 * From statements to the typed Config, with keepalived's defaults, inheritance and treatment of bad values. The blocks are
 * resolved in resolve-*.ts; this file knows only their order and what concerns several of one kind.
 */

import { BlockValues } from './block-values.ts';
import type { Config } from './config.ts';
import { readBlock } from './read-block.ts';
import type { Reporter } from './reporter.ts';
import type { ResolveContext } from './resolve-context.ts';
import { resolveGlobalDefs } from './resolve-global-defs.ts';
import { resolveVirtualServers } from './resolve-virtual-server.ts';
import { resolveVrrpInstances } from './resolve-vrrp-instance.ts';
import { root } from './schema/index.ts';
import { Spans } from './spans.ts';
import type { Statement } from './tree.ts';

export interface ResolvedTree {
  readonly config: Config;
  readonly spans: Spans;
  /** What was given, before it was resolved. */
  readonly values: BlockValues<typeof root.keywords>;
}

export function resolve(
  statements: readonly Statement[],
  reporter: Reporter,
  keepsServices: boolean,
): ResolvedTree {
  const spans = new Spans();
  const context: ResolveContext = { reporter, spans };
  const values = readBlock(root, { statements }, reporter);
  // keepalived reads global_defs in a pass of its own, so that it may stand anywhere, and several are one.
  const globals = resolveGlobalDefs(
    BlockValues.joined(values.all('global_defs').map((given) => given.values)),
    context,
  );
  const config: Config = {
    globalDefs: globals.config,
    vrrpInstances: resolveVrrpInstances(values.all('vrrp_instance'), globals.vrrp, context),
    virtualServers: resolveVirtualServers(values.all('virtual_server'), context, keepsServices),
  };
  return { config, spans, values };
}
