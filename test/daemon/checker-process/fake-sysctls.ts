/** Settings of a kernel in memory; one that is not among `values` is not there. */
import type { SysctlPort } from '../../../src/daemon/checker-process/table-sysctls.ts';

export function fakeSysctls(values: Map<string, string>): SysctlPort {
  return {
    read: (path) => {
      const value = values.get(path);
      if (value === undefined)
        return { ok: false, code: 'ENOENT', problem: `cannot read net/${path}: ENOENT` };
      return { ok: true, value };
    },
    change: (path, value) => {
      const previous = values.get(path);
      if (previous === undefined)
        return { ok: false, code: 'EROFS', problem: `cannot set net/${path} to ${value}: EROFS` };
      values.set(path, value);
      return { ok: true, previous, changed: previous !== value };
    },
  };
}
