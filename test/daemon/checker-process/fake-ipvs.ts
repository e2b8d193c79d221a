/** The fake kernel as a daemon meets it: it takes time, is changed behind our back, and counts what was asked. */
import type { IpvsTimeouts, VirtualService } from '../../../src/config-parser/config.ts';
import {
  type ObservedService,
  type ObservedServiceHead,
  type Operation,
  serverKey,
  serviceKey,
} from '../../../src/ipvs-sync/index.ts';
import { FakeKernel } from '../../ipvs-sync/fake-kernel.ts';

export class FakeIpvs extends FakeKernel {
  readonly timeoutsSet: IpvsTimeouts[] = [];
  /** Operations of these kinds are refused. */
  readonly failing = new Set<Operation['kind']>();
  /** As in errno(3): the table cannot be read for this reason. */
  readError: string | undefined;
  /** How often all services were read, and the destinations of how many. */
  observations = 0;
  servicesRead = 0;
  /** How often operations were handed over. */
  writes = 0;
  flushes = 0;
  closes = 0;
  /** The most requests that were ever under way together. */
  mostAtATime = 0;
  #atATime = 0;

  constructor() {
    super();
    this.refuse = ({ kind }) => (this.failing.has(kind) ? 'ENOMEM' : undefined);
  }

  /** `10.0.0.3:80/tcp -> 10.0.0.7:80 1`, one line a destination, sorted; a service alone has no arrow. */
  lines(): readonly string[] {
    const lines = this.table().flatMap(({ service, destinations }): string[] => {
      const key = serviceKey(service.service);
      if (destinations.length === 0) return [key];
      return destinations.map((server) => `${key} -> ${serverKey(server)} ${server.weight}`);
    });
    return lines.sort();
  }

  /** As `perform`, but done by somebody else. */
  change(operation: Operation): void {
    void super.perform(operation);
    this.operations.pop();
  }

  /** As `ipvsadm -C` in another terminal. */
  wipe(): void {
    void super.flush();
  }

  override async observe(): Promise<readonly ObservedService[]> {
    const heads = await this.observeServices();
    const destinations = await this.observeDestinations(heads.map(({ service }) => service.service));
    return heads.map((head, index) => ({ ...head, destinations: destinations[index] ?? [] }));
  }

  override async observeServices(): Promise<readonly ObservedServiceHead[]> {
    this.observations += 1;
    if (this.readError !== undefined) throw errorWithCode('IPVS_CMD_GET_SERVICE', this.readError);
    await this.#takeTime();
    return super.observeServices();
  }

  override async observeDestinations(services: readonly VirtualService[]) {
    this.servicesRead += services.length;
    await this.#takeTime();
    return super.observeDestinations(services);
  }

  override async performAll(operations: readonly Operation[]): Promise<readonly (Error | undefined)[]> {
    this.writes += 1;
    await this.#takeTime();
    return super.performAll(operations);
  }

  override async info() {
    if (this.readError !== undefined) throw errorWithCode('IPVS_CMD_GET_INFO', this.readError);
    return super.info();
  }

  override async flush(): Promise<void> {
    this.flushes += 1;
    await super.flush();
  }

  override async setTimeouts(timeouts: IpvsTimeouts): Promise<void> {
    this.timeoutsSet.push(timeouts);
    await super.setTimeouts(timeouts);
  }

  override close(): void {
    this.closes += 1;
  }

  async #takeTime(): Promise<void> {
    this.#atATime += 1;
    this.mostAtATime = Math.max(this.mostAtATime, this.#atATime);
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.#atATime -= 1;
  }
}

function errorWithCode(doing: string, code: string): Error {
  return Object.assign(new Error(`${doing}: ${code}`), { code });
}
