/** A request that the kernel refused, or that could not reach it. */
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';

/** Its message: `RTM_NEWADDR 10.0.0.3/24 on interface 2: EPERM`, then the kernel's own words where it gave some. */
export class NetlinkError extends Error {
  override readonly name = 'NetlinkError';
  readonly operation: string;
  /** `EPERM`, as in errno(3). */
  readonly code: string;
  /** The extended acknowledgement (NLMSGERR_ATTR_MSG). */
  readonly kernelText: string | undefined;

  constructor(operation: string, code: string, kernelText?: string) {
    super(`${operation}: ${code}${kernelText === undefined ? '' : ` (${kernelText})`}`);
    this.operation = operation;
    this.code = code;
    this.kernelText = kernelText;
  }
}

/** `EPERM` for 1; `errno 4095` for what this machine has no name for. */
export function errnoName(errno: number): string {
  const known = Object.values<number>(constants.errno).includes(errno);
  return known ? getSystemErrorName(-errno) : `errno ${errno}`;
}

/** The code of an error thrown by a system call, or its message. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
