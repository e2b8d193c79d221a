/**
 * Writes keepalived-messages.json: what `keepalived -t` says of each file of a folder of configurations, with operators'
 * names taken out. Each file is tested in a network namespace of its own that has the interfaces which it names, so that
 * what is recorded is about the file and not about this machine. Needs root and keepalived.
 *
 *     node test/lint/corpus/record-messages.mjs FOLDER
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: record-messages.mjs FOLDER');

/** These are keepalived's words, not the operator's: they tell one message from another. */
const keptWords = new Set(
  `{ } nat_mask nb_get_retry delay_before_retry retry nftables virtual_server_group real_server ip_family
  vrrp_garp_master_delay lb_algo lb_kind protocol`.split(/\s+/),
);

/** What `keepalived -t` prints, and its exit status. */
function test(file, interfaces) {
  const batch = interfaces.flatMap((name, index) =>
    name === 'lo' ? [] : [`link add ${name} type veth peer name other${index}`, `link set ${name} up`],
  );
  const scratch = mkdtempSync(join(tmpdir(), 'record-messages-'));
  const commands = join(scratch, 'links');
  writeFileSync(commands, ['link set lo up', ...batch, ''].join('\n'));
  try {
    const script = 'ip -force -batch "$1" >/dev/null 2>&1; exec timeout 60 keepalived -t -f "$2"';
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['-n', 'sh', '-c', script, 'sh', commands, file],
      {
        encoding: 'latin1',
        maxBuffer: 2 ** 28,
      },
    );
    return { exit: status, lines: `${stdout}${stderr}`.split('\n') };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Names that could be those of interfaces, and are not on a machine that has none. */
function missingInterfaces(lines) {
  const names = lines.flatMap((line) => {
    const match = /interface (\S+) for .* doesn't exist|tracked interface (\S+) doesn't exist/.exec(line);
    return match === null ? [] : [match[1] ?? match[2]];
  });
  return [...new Set(names)].filter((name) => /^[A-Za-z][\w.-]{0,14}$/.test(name));
}

function withoutNames(message) {
  return message
    .replace(/'([^']*)'|"([^"]*)"/g, (_, a, b) => (keptWords.has(a ?? b) ? `'${a ?? b}'` : "'…'"))
    .replace(/^\([^)]*\)/, '(…)')
    .replace(/VRRP instance\[[^\]]*\]/, 'VRRP instance […]')
    .replace(/\[[^\]\s]*\.[^\]]*\]:tcp:\d+|\b\d+\.\d+\.\d+\.\d+(\/\d+)?/g, '…')
    .replace(
      /\b(interface|vrrp_instance|script|instance|peer address|address|IP|server|group|parameters|for) (?!(?:for|name|not|set|already|config|specified|a|parsed|instance|address|route|already|vrrp|script|IP|group|entry|ip|rule|VROUTE|uid|gid|FWM|and|was)\b)[^\s,']+/g,
      '$1 …',
    )
    .trim();
}

/** `[text, lines]`, a text once. */
function collect(lines) {
  const places = new Map();
  for (const line of lines.filter((text) => text.trim() !== '')) {
    const [, number, message] = /^\((?:[^()]*: )?Line (\d+)\) ?(.*)$/.exec(line) ?? [line, undefined, line];
    const text = withoutNames(message);
    const known = places.get(text) ?? new Set();
    if (number !== undefined) known.add(Number(number));
    places.set(text, known);
  }
  return [...places].map(([text, numbers]) => [text, [...numbers].sort((a, b) => a - b)]);
}

const files = {};
for (const name of readdirSync(folder).filter((file) => file.endsWith('.conf'))) {
  const path = join(folder, name);
  const { exit, lines } = test(path, missingInterfaces(test(path, []).lines));
  files[name] = { exit, messages: collect(lines) };
}
const entries = Object.entries(files).map(([name, { exit, messages }]) => {
  const rows = messages.map((row) => `      ${JSON.stringify(row)}`).join(',\n');
  return `  ${JSON.stringify(name)}: {\n    "exit": ${exit},\n    "messages": [${rows === '' ? '' : `\n${rows}\n    `}]\n  }`;
});
writeFileSync(new URL('keepalived-messages.json', import.meta.url), `{\n${entries.join(',\n')}\n}\n`);
