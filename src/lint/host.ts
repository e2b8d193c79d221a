/** What `--host` knows of the machine. The linter itself asks for nothing: these facts are passed in. */

export interface HostInterface {
  readonly name: string;
  readonly isUp: boolean;
  /** `192.0.2.1/24`, as the kernel lists them. */
  readonly addresses: readonly string[];
  readonly supportsMulticast: boolean;
  readonly isLoopback: boolean;
  readonly isEthernet: boolean;
  readonly mtu: number;
}

export type PathKind = 'file' | 'directory' | 'other';

export interface PathFacts {
  readonly kind: PathKind;
  readonly isExecutable: boolean;
  /** This file, or a folder above it, belongs to somebody other than root or can be written by others. */
  readonly isInsecure: boolean;
  /** Others than its owner can read it; undefined where that was not looked at. */
  readonly isReadableByOthers?: boolean;
}

export interface Host {
  readonly interfaces: readonly HostInterface[];
  /** Undefined where there is nothing. */
  readonly pathFacts: (path: string) => PathFacts | undefined;
  readonly hasUser: (name: string) => boolean;
  readonly hasGroup: (name: string) => boolean;
  /** `net.ipv4.ip_forward` -> `1`; undefined where the kernel has none. */
  readonly sysctl: (name: string) => string | undefined;
  /** Of the keepalived that is installed, `2.2.7`; undefined where none is. */
  readonly keepalivedVersion?: string | undefined;
  /** Something on this machine takes TCP connections at the port; undefined where that cannot be told. */
  readonly isListening?: (port: number) => boolean | undefined;
}
