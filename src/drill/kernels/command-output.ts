/** Takes apart what the embedded kernel's terminal carries: the command's output, then NUL, exit status, NUL. */
export class CommandOutput {
  readonly #onOutput: (text: string) => void;
  #trailer: string | undefined;
  #status: number | undefined;

  constructor(onOutput: (text: string) => void) {
    this.#onOutput = onOutput;
  }

  /** The command's exit status, once all of the trailer has come. */
  get status(): number | undefined {
    return this.#status;
  }

  /** Passes output on and returns the exit status as soon as it is known. Nothing after the trailer counts. */
  take(text: string): number | undefined {
    if (this.#trailer !== undefined) return this.#takeTrailer(text);
    const end = text.indexOf('\0');
    // The terminal ends its lines with CR LF.
    const output = (end === -1 ? text : text.slice(0, end)).replaceAll('\r', '');
    if (output !== '') this.#onOutput(output);
    if (end === -1) return undefined;
    this.#trailer = '';
    return this.#takeTrailer(text.slice(end + 1));
  }

  #takeTrailer(text: string): number | undefined {
    this.#trailer += text;
    const whole = /^(\d+)\0/.exec(this.#trailer ?? '');
    if (whole !== null) this.#status ??= Number(whole[1]);
    return this.#status;
  }
}
