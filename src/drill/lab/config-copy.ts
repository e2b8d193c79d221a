/**
 * The copies of configuration files that a lab's daemons read: the same, but that nothing outside of the lab is run, read
 * or written. Programs become the lab's recorder, paths become paths in the lab's folder. Pure: text to text.
 */
import { formatFile, parseSource, type SourceReader } from '../../config-parser/index.ts';
import { commandWords } from '../../lint/command-words.ts';

export interface CopyOptions {
  readonly node: string;
  /** The lab's folder for this node; the copies are written by the caller. */
  readonly folder: string;
  /** Command line that is recorded: its words come after these. */
  readonly recorder: readonly string[];
  /** Command line of what stands in for a script whose exit status counts; the script's name follows. */
  readonly standIn: readonly string[];
  readonly reader: SourceReader;
}

export interface ConfigCopy {
  /** Name in the folder to text; the first is what the daemon is given. */
  readonly files: ReadonlyMap<string, string>;
  /** Texts as they are read, for the hash: the main file first. */
  readonly originals: readonly string[];
  /** Names under which scripts' exit statuses are asked for. */
  readonly scripts: readonly string[];
  /** The lab's path of each track_file, by the path in the files. */
  readonly trackFiles: ReadonlyMap<string, string>;
  /** The lab's path of each key file, by the path in the files. */
  readonly keyFiles: ReadonlyMap<string, string>;
  /** Keywords whose programs are not run. */
  readonly replaced: ReadonlySet<string>;
  /** Keywords that were left out, since they would reach out of the lab. */
  readonly dropped: ReadonlySet<string>;
}

export function copyConfiguration(path: string, options: CopyOptions): ConfigCopy {
  const copier = new Copier(options);
  copier.copy(path);
  return copier.result();
}

/** Programs whose exit status counts: something stands in for them. */
const deciding: ReadonlySet<string> = new Set(['misc_path', 'script']);

/** Programs that are told of something: run by the recorder. Those that read a pipe go with the pipe. */
const notifications: ReadonlySet<string> = new Set(
  [...commandWords].filter((word) => !deciding.has(word) && !word.endsWith('fifo_script')),
);

/** What would leave the lab, or is meaningless in it. */
const outward: ReadonlySet<string> = new Set([
  'net_namespace',
  'net_namespace_ipvs',
  'namespace_with_ipsets',
  'use_pid_dir',
  'instance',
  'tmp_config_directory',
  'script_user',
  'enable_script_security',
  'user',
  'notify_fifo_script',
  'vrrp_notify_fifo_script',
  'lvs_notify_fifo_script',
  'reload_file',
  'config_save_dir',
  'enable_dbus',
  'dbus_service_name',
  'enable_snmp_vrrp',
  'enable_snmp_keepalived',
  'enable_snmp_checker',
  'enable_snmp_rfc',
  'enable_snmp_rfcv2',
  'enable_snmp_rfcv3',
  'enable_traps',
  'snmp_socket',
]);

const pipes: ReadonlySet<string> = new Set(['notify_fifo', 'vrrp_notify_fifo', 'lvs_notify_fifo']);

class Copier {
  readonly #options: CopyOptions;
  readonly #files = new Map<string, string>();
  readonly #originals: string[] = [];
  readonly #scripts: string[] = [];
  readonly #trackFiles = new Map<string, string>();
  readonly #keyFiles = new Map<string, string>();
  readonly #replaced = new Set<string>();
  readonly #dropped = new Set<string>();

  constructor(options: CopyOptions) {
    this.#options = options;
  }

  result(): ConfigCopy {
    return {
      files: this.#files,
      originals: this.#originals,
      scripts: this.#scripts,
      trackFiles: this.#trackFiles,
      keyFiles: this.#keyFiles,
      replaced: this.#replaced,
      dropped: this.#dropped,
    };
  }

  /** The name of the copy; undefined where the file cannot be read, which the daemon then says as it would have. */
  copy(path: string): string | undefined {
    const read = this.#options.reader.read(path);
    if (!('text' in read)) return undefined;
    const name = `${this.#options.node}-${this.#files.size}.conf`;
    // Kept free first: what it includes comes after it.
    this.#files.set(name, '');
    this.#originals.push(read.text);
    const { file } = parseSource({ name: path, text: read.text });
    // In canonical layout every statement has a line of its own.
    const layout = parseSource({ name: path, text: formatFile(file) }).file;
    const blocks: string[] = [];
    const lines = layout.shapes.flatMap((shape) => {
      const { statement, form, text, indent } = shape;
      const enclosing = blocks.at(-1) ?? '';
      if (form === 'open') blocks.push(words(statement).join(' '));
      if (form === 'close') blocks.pop();
      if (statement === undefined) return [text];
      const changed = this.#change(words(statement), enclosing, path, form === 'open');
      if (changed === undefined) return [text];
      const condition = /^@\S+/.exec(statement.keyword)?.[0];
      return changed.map((line) => `${indent}${condition === undefined ? '' : `${condition} `}${line}\n`);
    });
    this.#files.set(name, lines.join(''));
    return name;
  }

  /** The lines in place of a statement; undefined leaves it as it is. */
  #change(
    [keyword = '', ...args]: readonly string[],
    block: string,
    path: string,
    opens: boolean,
  ): readonly string[] | undefined {
    if (/^include[a-z]?$/.test(keyword)) return this.#include(args.join(' '), path);
    if (opens) return undefined;
    if (notifications.has(keyword)) return this.#record(keyword, args);
    if (outward.has(keyword)) {
      this.#dropped.add(keyword);
      return [];
    }
    const [blockKeyword = ''] = block.split(' ');
    if (keyword === 'script' && blockKeyword === 'vrrp_script') return this.#standIn('script', block, args);
    if (keyword === 'misc_path') return this.#standIn('misc_path', block, args);
    if (pipes.has(keyword)) return [`${keyword} ${this.#options.folder}/${this.#options.node}-${keyword}`];
    if (keyword === 'file' && /^(vrrp_)?track_file$/.test(blockKeyword)) return this.#trackFile(args);
    if (keyword === 'key' && blockKeyword === 'auth_hmac') return this.#key(args);
    return undefined;
  }

  #record(keyword: string, [command = '']: readonly string[]): readonly string[] {
    this.#replaced.add(keyword);
    // A bare notify_deleted runs nothing.
    if (command === '') return [keyword];
    return [`${keyword} "${[...this.#options.recorder, keyword, plain(command)].join(' ')}"`];
  }

  /** vrrp_script by its name, MISC_CHECK by its command: the same program has one answer. */
  #standIn(keyword: string, block: string, [command = '']: readonly string[]): readonly string[] {
    this.#replaced.add(keyword);
    const wanted = keyword === 'script' ? (block.split(' ')[1] ?? '') : command;
    const name = wanted.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
    if (!this.#scripts.includes(name)) this.#scripts.push(name);
    return [`${keyword} "${[...this.#options.standIn, name].join(' ')}"`];
  }

  #trackFile([path = '']: readonly string[]): readonly string[] {
    const { folder, node } = this.#options;
    const place = this.#trackFiles.get(path) ?? `${folder}/${node}-track-${this.#trackFiles.size}`;
    this.#trackFiles.set(path, place);
    return [`file ${place}`];
  }

  #key(args: readonly string[]): readonly string[] | undefined {
    const file = args.find((word) => word.startsWith('file:'));
    if (file === undefined) return undefined;
    const path = file.slice('file:'.length);
    const { folder, node } = this.#options;
    const place = this.#keyFiles.get(path) ?? `${folder}/${node}-key-${this.#keyFiles.size}`;
    this.#keyFiles.set(path, place);
    return [`key ${args.map((word) => (word === file ? `file:${place}` : word)).join(' ')}`];
  }

  #include(pattern: string, from: string): readonly string[] {
    const bare = pattern.replaceAll('"', '');
    const wanted = bare.startsWith('/') ? bare : `${from.slice(0, from.lastIndexOf('/') + 1)}${bare}`;
    const paths = this.#options.reader.glob?.(wanted) ?? [wanted];
    const copies = paths.flatMap((path) => this.copy(path) ?? []);
    return copies.map((name) => `include ${this.#options.folder}/${name}`);
  }
}

/** `@lb01 priority 100` is about priority. */
function words(
  statement: { readonly keyword: string; readonly args: readonly string[] } | undefined,
): readonly string[] {
  if (statement === undefined) return [];
  const { keyword, args } = statement;
  return keyword.startsWith('@') ? args : [keyword, ...args];
}

/** In a quoted word of the copy: quotes and backslashes would end it or mean something. */
function plain(command: string): string {
  return command.replaceAll(/["\\]/g, "'");
}
