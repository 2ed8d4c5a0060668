// The tables of commands and settings, from package.json, which declares them:
//   tables.mjs --write    puts them into README.md

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const extension = resolve(import.meta.dirname, '..');
const { contributes } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
export const README = join(extension, 'README.md');

function table(heads, rows) {
  const line = (cells) => `| ${cells.map((it) => it.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function settings() {
  const rows = Object.entries(contributes.configuration.properties).map(([name, it]) => [
    `\`${name}\``,
    it.default === '' ? 'empty' : `\`${it.default}\``,
    it.markdownDescription,
  ]);
  return table(['setting', 'default', 'meaning'], rows);
}

function commands() {
  const rows = contributes.commands.map(({ category, title, command }) => [`${category}: ${title}`, `\`${command}\``]);
  return table(['command', 'id'], rows);
}

function snippets() {
  const [{ path }] = contributes.snippets;
  const declared = JSON.parse(readFileSync(join(extension, path), 'utf8'));
  const rows = Object.values(declared).map(({ prefix, description }) => [`\`${prefix}\``, description]);
  return table(['prefix', 'inserts'], rows);
}

const TABLES = { settings, commands, snippets };

/** The text with the tables between their marks as they are now. */
export function filled(text) {
  return text.replace(
    /(<!-- (\w+): begin -->\n)[\s\S]*?(\n<!-- \2: end -->)/g,
    (whole, begin, name, end) => (name in TABLES ? `${begin}${TABLES[name]()}${end}` : whole),
  );
}

if (process.argv.includes('--write')) {
  writeFileSync(README, filled(readFileSync(README, 'utf8')));
}
