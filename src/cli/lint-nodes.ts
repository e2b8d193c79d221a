/** The files that `holdfast lint` names, read and made into models. */
import { basename, dirname, resolve } from 'node:path';
import { type ParseOptions, parseConfig, type SourceReader } from '../config-parser/index.ts';
import { buildFileModel, type FileModel } from '../lint/model/index.ts';
import { environmentOf } from './environment.ts';
import type { LintOptions } from './lint-options.ts';
import { sourceFiles } from './source-files.ts';
import type { Streams } from './streams.ts';
import { UsageError } from './usage-error.ts';

export interface LintNode {
  readonly model: FileModel;
  readonly configId: string;
  readonly isUnreadable: boolean;
}

type ReadingOptions = Pick<LintOptions, 'files' | 'configIds' | 'isPair' | 'allConfig' | 'stdinFilename'>;

/** Throws a UsageError where the files and the identifiers do not fit together. */
export async function readNodes(
  options: ReadingOptions,
  streams: Pick<Streams, 'input' | 'environment'>,
): Promise<readonly LintNode[]> {
  const wanted = wantedFiles(options);
  const standardInput = wanted.some(({ isStandardInput }) => isStandardInput) ? await streams.input() : '';
  const environment = environmentOf(streams.environment);
  return wanted.map((file) => {
    const { name, configId } = file;
    const parsing = { configId, environment, includeAll: options.allConfig, fold: false };
    const isShared = wanted.some((other) => other !== file && other.name === name);
    return readNode(
      name,
      isShared ? `${name} (-i ${configId})` : name,
      readerOf(file, standardInput),
      parsing,
    );
  });
}

interface WantedFile {
  readonly name: string;
  readonly configId: string;
  readonly isStandardInput: boolean;
}

function wantedFiles(options: ReadingOptions): readonly WantedFile[] {
  const { files, configIds, isPair, stdinFilename } = options;
  if (files.length === 0) throw new UsageError('name the files to look at, or - for standard input');
  if (isPair && files.length < 2) throw new UsageError('--pair compares two files or more');
  if (configIds.length > 0 && configIds.length !== files.length && (isPair || configIds.length > 1)) {
    throw new UsageError(
      `give -i once for each file: there are ${files.length} files and ${configIds.length} of -i`,
    );
  }
  const wanted = files.map((file, index): WantedFile => {
    const name = file === '-' ? stdinFilename : file;
    const configId = configIds[index] ?? configIds[0] ?? nodeName(name);
    return { name, configId, isStandardInput: file === '-' };
  });
  const isNew = ({ name, configId }: WantedFile, index: number) =>
    wanted.findIndex((other) => other.name === name && other.configId === configId) === index;
  const twice = wanted.find((file, index) => !isNew(file, index));
  if (isPair && twice !== undefined) {
    throw new UsageError(`${twice.name} is given twice: tell the nodes apart with a different -i for each`);
  }
  return wanted.filter(isNew);
}

/** `lb01` for lb01.conf and for lb01/keepalived.conf: the same answer on every machine. */
export function nodeName(file: string): string {
  const name = basename(file, '.conf');
  return name === 'keepalived' ? basename(dirname(resolve(file))) : name.replace(/^<.*>$/, '');
}

/** Two nodes may share a file, and are told apart by `label` then. */
function readNode(file: string, label: string, reader: SourceReader, options: ParseOptions): LintNode {
  const resolved = parseConfig(reader, file, options);
  return {
    model: buildFileModel(label, resolved),
    configId: options.configId ?? '',
    isUnreadable: resolved.diagnostics.some(({ code }) => code === 'file-unreadable'),
  };
}

function readerOf({ name, isStandardInput }: WantedFile, standardInput: string): SourceReader {
  return isStandardInput ? withText(name, standardInput) : sourceFiles(name, { readsPipes: true });
}

/** What it includes comes from the disk all the same. */
function withText(name: string, text: string): SourceReader {
  const files = sourceFiles(name);
  return { ...files, read: (path) => (path === name ? { text } : files.read(path)) };
}
