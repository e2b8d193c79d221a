/**
 * Lines that wait for a reader, at most so many and so long: what does not fit is dropped and counted, and as soon as
 * half of the room is free again a line in their place says how many are missing. Knows no stream and no time.
 */
export interface QueueLimits {
  readonly lines: number;
  readonly bytes: number;
}

export const defaultLimits: QueueLimits = { lines: 5000, bytes: 1024 * 1024 };

export class LineQueue {
  private lines: string[] = [];
  private bytes = 0;
  private dropped = 0;
  /** Set from the first line dropped until half of the room is free: one notice a blockage, not one a line. */
  private isDropping = false;
  private readonly limits: QueueLimits;
  private readonly noticeOf: (dropped: number) => string;

  constructor(noticeOf: (dropped: number) => string, limits: QueueLimits = defaultLimits) {
    this.noticeOf = noticeOf;
    this.limits = limits;
  }

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  push(line: string): void {
    const full = this.lines.length >= this.limits.lines || this.bytes + line.length > this.limits.bytes;
    if (this.isDropping || full) {
      this.drop(1);
      return;
    }
    this.append(line);
  }

  /** Counts lines that were taken but could not be written after all. */
  drop(count: number): void {
    this.isDropping = true;
    this.dropped += count;
  }

  /** The oldest lines, together at least one line and at most about `bytes` long; undefined when there are none. */
  take(bytes: number): { readonly text: string; readonly lines: number } | undefined {
    let length = this.lines[0]?.length;
    if (length === undefined) return undefined;
    let count = 1;
    for (; count < this.lines.length; count += 1) {
      const next = this.lines[count]?.length ?? 0;
      if (length + next > bytes) break;
      length += next;
    }
    const text = this.lines.splice(0, count).join('');
    this.bytes -= text.length;
    this.resume();
    return { text, lines: count };
  }

  /** Puts the notice in the place of the lines that it speaks of, once there is room again. */
  resume(): void {
    const { lines, bytes } = this.limits;
    if (!this.isDropping || this.lines.length > lines / 2 || this.bytes > bytes / 2) return;
    this.append(this.noticeOf(this.dropped));
    this.isDropping = false;
    this.dropped = 0;
  }

  private append(line: string): void {
    this.lines.push(line);
    this.bytes += line.length;
  }
}
