/** Reads the files of iproute2 and /etc/protocols; see routing-names.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  namesFile,
  parseNumberedNames,
  parseProtocols,
  type RoutingNames,
  usualNames,
} from './routing-names.ts';

/** Where iproute2 has its files: what the distribution brings, then what the administrator says, which counts. */
const usualFolders: readonly string[] = ['/usr/lib/iproute2', '/usr/share/iproute2', '/etc/iproute2'];

/**
 * The usual names, and over them those of the files that there are. A file that cannot be read is as one without
 * names.
 */
export function readRoutingNames(
  folders: readonly string[] = usualFolders,
  protocolsFile = '/etc/protocols',
): RoutingNames {
  const numbered = (sort: keyof RoutingNames): ReadonlyMap<string, number> =>
    new Map([
      ...usualNames[sort],
      ...folders.flatMap((folder) => filesOf(folder, namesFile[sort])).flatMap((file) => [...namesIn(file)]),
    ]);
  return {
    table: numbered('table'),
    protocol: numbered('protocol'),
    scope: numbered('scope'),
    realm: numbered('realm'),
    typeOfService: numbered('typeOfService'),
    group: numbered('group'),
    ipProtocol: new Map([...usualNames.ipProtocol, ...parseProtocols(textOf(protocolsFile) ?? '')]),
  };
}

/** The file, then those of its folder (`rt_tables.d/*.conf`) by their names, as ip(8) reads them. */
function filesOf(folder: string, name: string): readonly string[] {
  const further = join(folder, `${name}.d`);
  const names = listOf(further).filter((one) => one.endsWith('.conf') && !one.startsWith('.'));
  return [join(folder, name), ...names.sort().map((one) => join(further, one))];
}

function namesIn(file: string): ReadonlyMap<string, number> {
  return parseNumberedNames(textOf(file) ?? '');
}

/** Undefined where there is no such file: a name that is then missing is told of where it is used. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
