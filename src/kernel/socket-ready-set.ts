/**
 * Which of many sockets have something to read: one system call in place of one each, for whoever must look before every deadline.
 * Reads nothing itself.
 */
import { native } from './native.ts';

export interface ReadySetMember {
  readonly descriptor: number;
}

export class ReadySet<Member extends ReadySetMember> {
  readonly #set = new native.ReadySet();
  readonly #members = new Map<number, Member>();
  readonly #keys = new Map<Member, number>();
  #nextKey = 0;

  /** Throws what the kernel refuses: EBADF for a socket that is closed. */
  add(member: Member): void {
    const key = this.#nextKey++;
    this.#set.add(member.descriptor, key);
    this.#members.set(key, member);
    this.#keys.set(member, key);
  }

  /** Before or after it is closed, which is what takes it out of the kernel's set. */
  remove(member: Member): void {
    const key = this.#keys.get(member);
    if (key === undefined) return;
    this.#keys.delete(member);
    this.#members.delete(key);
  }

  /** Those that something can be read from at once; with more than 1024 of them, 1024. */
  readable(): readonly Member[] {
    return this.#set
      .readable()
      .map((key) => this.#members.get(key))
      .filter((member) => member !== undefined);
  }
}
