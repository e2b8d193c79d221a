/** The keyword tables and what reads them. */
export type { Argument, ArgumentResult, Endpoint, Method, Problem, Samples } from './arguments.ts';
export { endpoint, integer, interfaceName, ipAddress } from './arguments.ts';
export { authentication } from './authentication.ts';
export { globalDefs } from './global-defs.ts';
export { realServer } from './real-server.ts';
export { root } from './root.ts';
export {
  type Alias,
  type BlockSchema,
  type Contents,
  type Deprecation,
  type FoundKeyword,
  findKeyword,
  isList,
  type Keyword,
  type LineOf,
  type ListSchema,
  spellings,
  type Table,
  type TableOf,
  type ValueOf,
} from './schema.ts';
export { tcpCheck } from './tcp-check.ts';
export { virtualServer } from './virtual-server.ts';
export { vrrpInstance } from './vrrp-instance.ts';
