// What a user of VS Code does with a broken file, step by step, in a real VS Code in a real browser.
//   run.mjs --vsix FILE [--workspace FOLDER] [--picture FILE] [--only GROUP]…
//          [--yaml-extension FOLDER]
// GROUP is typing, finding, navigation, editing, failures, artifacts, following, flow, themes, activation, trust,
// virtual or yaml.
// WORKSPACE, of which a copy is edited, is examples/blog by default. `--picture` also writes the
// README's picture. Screenshots of every run land in .cache/vscode/screenshots. With `--yaml-extension` the YAML
// extension of that folder is installed beside ours, instead of one that starts the same server.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { startCodeServer } from './codeServer.mjs';
import { artifactSteps } from './steps/artifacts.mjs';
import { editingSteps } from './steps/editing.mjs';
import { failureSteps } from './steps/failures.mjs';
import { flowSteps } from './steps/flow.mjs';
import { followingSteps } from './steps/following.mjs';
import { navigationSteps } from './steps/navigation.mjs';
import { trustSteps, virtualSteps } from './steps/trust.mjs';
import { prepareTyping, typeAnAction } from './steps/typing.mjs';
import { yamlSteps } from './steps/yaml.mjs';
import { Workbench } from './workbench.mjs';

const repository = resolve(import.meta.dirname, '../../..');
const tools = join(repository, '.cache/vscode');
const screenshots = join(tools, 'screenshots');
const { chromium } = createRequire(join(tools, 'package.json'))('playwright-core');

const { values: options } = parseArgs({
  options: { vsix: { type: 'string' }, workspace: { type: 'string' }, picture: { type: 'string' }, only: { type: 'string', multiple: true }, 'yaml-extension': { type: 'string' } },
});
assert.ok(options.vsix, '--vsix is missing');

const MISSPELT = 'post_cuont';
const GENERATED = 'CREATE OR REPLACE FUNCTION';

const home = await mkdtemp(join(tmpdir(), 'specql-vscode-'));
const workspace = join(home, 'blog');
await cp(options.workspace ?? join(repository, 'examples/blog'), workspace, { recursive: true });
await mkdir(screenshots, { recursive: true });
commit(workspace);
const { file, lines } = await breakPost(workspace);
const typed = await prepareTyping(workspace);

const start = (more) =>
  startCodeServer({ entry: join(tools, 'node_modules/code-server/out/node/entry.js'), vsix: resolve(options.vsix), ...more });
const server = await start({ home });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--disable-gpu', '--disable-quic', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
const VIEWPORT = { width: 1440, height: 900 };
const page = await browser.newPage({ viewport: VIEWPORT });
let front = page;
const workbench = new Workbench(page);
let passed = 0;

try {
  await run();
  console.log(`${passed} steps passed`);
} catch (error) {
  await front.screenshot({ path: join(screenshots, 'failure.png') }).catch(() => {});
  console.error(await server.logs());
  console.error(error);
  console.error(`see ${join(screenshots, 'failure.png')}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/** Another VS Code for some steps, with what they ask for. */
async function window(more, steps) {
  const other = await start(more);
  front = await browser.newPage({ viewport: VIEWPORT });
  const shown = front;
  try {
    const screenshot = (name) => shown.screenshot({ path: join(screenshots, `${name}.png`) });
    await steps({ workbench: new Workbench(shown), page: shown, server: other, url: other.url, screenshot });
    await shown.close();
    front = page;
  } catch (error) {
    console.error(await other.logs());
    throw error;
  } finally {
    await other.stop();
  }
}

async function run() {
  const separate = { step, window, workspace, home, tools, installed: options['yaml-extension'] && resolve(options['yaml-extension']) };
  const groups = { trust: trustSteps, virtual: virtualSteps, yaml: yamlSteps };
  for (const [name, steps] of Object.entries(groups)) {
    if (wanted(name)) await steps(separate)();
  }
  if (options.only?.every((it) => it in groups)) return;

  await step('a folder shows its findings before a file of it is opened', async () => {
    await workbench.open(server.url, workspace);
    await workbench.showProblems();
    await workbench.waitForProblem('unknown-impact-field');
  });

  if (wanted('typing')) await step('an action is typed letter by letter, with the proposals that it needs', async () => {
    await workbench.hideSideBar();
    await typeAnAction(workbench, typed);
    await screenshot('typed');
  });

  if (wanted('finding')) await findingSteps();
  else {
    await workbench.openFile(basename(file));
    await workbench.goTo(1);
  }
  const parts = { step, workbench, page, line, server, home, workspace, screenshot };
  for (const [name, steps] of [['navigation', navigationSteps], ['editing', editingSteps]]) {
    if (wanted(name)) {
      await steps(parts)();
      await workbench.openFile(basename(file));
    }
  }
  if (wanted('failures')) await failureSteps(parts)();
  if (wanted('artifacts')) await artifactSteps(parts)();
  if (wanted('following')) {
    await workbench.openFile(basename(file));
    await followingSteps(parts)();
  }
  if (wanted('flow')) await flowSteps(parts)();
  if (wanted('themes')) await step('every kind of theme shows it', showThemes);
  if (wanted('activation')) await step('VS Code says how long the activation takes', readActivation);
}

/** Whether a group of steps is to be run. */
function wanted(group) {
  return options.only === undefined || options.only.includes(group);
}

async function findingSteps() {
  await step('opening a broken file shows the finding', async () => {
    await workbench.hideSideBar();
    await workbench.openFile(basename(file));
    await workbench.goTo(line(MISSPELT));
    await page.locator('.squiggly-error').first().waitFor();
    await workbench.showProblems();
    await workbench.waitForProblem(MISSPELT);
    await workbench.waitForProblem('unknown-impact-field');
    assert.equal(await workbench.language(), 'SpecQL');
  });

  await step('a code lens opens the SQL of the action beside the file', async () => {
    await workbench.goTo(line('name: create_post'));
    await (await workbench.codeLens('SQL')).click();
    await workbench.waitForText(1, GENERATED);
    await workbench.tab(1).filter({ hasText: 'Post.create_post · action.sql' }).waitFor();
  });

  await step('the preview cannot be edited', async () => {
    const before = await workbench.text(1);
    await workbench.click(1, GENERATED);
    await page.keyboard.type('x');
    await page.getByText('Cannot edit in read-only editor').first().waitFor();
    assert.equal(await workbench.text(1), before);
    await page.keyboard.press('Escape');
  });

  await step('a hover explains the finding', async () => {
    await workbench.goTo(line(MISSPELT));
    await workbench.hover(0, MISSPELT, /unknown-impact-field/);
    await picture('finding');
  });

  await step('a quick fix mends the file', async () => {
    await page.mouse.move(5, 5);
    await workbench.click(0, MISSPELT);
    const fixes = await workbench.openQuickFixes();
    await fixes.filter({ hasText: 'post_count' }).first().click();
    await workbench.waitForText(0, 'fields: [post_count]');
    await workbench.waitForNoProblem(MISSPELT);
    await page.keyboard.press('Control+S');
    await workbench.eventually(
      'the mended file on disk',
      () => readFile(file, 'utf8'),
      (text) => !text.includes(MISSPELT) && text.includes('fields: [post_count]'),
    );
  });

  await step('a hover shows what an action writes, and its SQL', async () => {
    await workbench.goTo(line('name: create_post'));
    const shown = await workbench.hover(0, 'create_post', /INSERT INTO blog\.tb_post/);
    assert.match(shown, /User/);
    await screenshot('hover');
  });

  await step('the preview follows the edits', async () => {
    const before = await workbench.text(1);
    await workbench.goTo(line('collection: updatedAuthors'));
    await page.keyboard.press('End');
    await page.keyboard.type('Once');
    await workbench.waitForText(1, '"collections": {"updatedAuthorsOnce":[]}');
    await page.keyboard.press('Control+Z');
    await workbench.waitForText(1, before);
  });

  await step('the palette opens the preview of the action at the cursor', async () => {
    await workbench.tab(1).click({ button: 'middle' });
    await workbench.tab(1).waitFor({ state: 'detached' });
    await workbench.goTo(line('name: create_post'));
    await page.keyboard.press('End');
    await workbench.runCommand('SpecQL: Open Preview of Generated SQL');
    await workbench.waitForText(1, GENERATED);
  });

  await step('a restarted server finds what is wrong again', async () => {
    await workbench.runCommand('SpecQL: Restart Server');
    await page.getByText('SpecQL: server restarted').waitFor();
    await workbench.goTo(line(MISSPELT));
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('x');
    await workbench.waitForProblem('post_countx');
  });
}

async function showThemes() {
  await workbench.openFile(basename(file));
  for (const theme of ['Default Light Modern', 'Default Dark Modern', 'Default High Contrast', 'Default High Contrast Light']) {
    await server.configure({ 'workbench.colorTheme': theme });
    await page.waitForTimeout(1500);
    await screenshot(theme.toLowerCase().replaceAll(' ', '-'));
  }
}

async function readActivation() {
  await workbench.runCommand('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'SpecQL' });
  const said = await row.locator('.activation-time').first().innerText();
  const [, time] = said.match(/Activation: (\d+)\s*ms/) ?? assert.fail(said);
  console.log(`  ${time} ms`);
  await screenshot('activation');
}

async function screenshot(name) {
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** Makes a repository of the folder as it is. */
function commit(folder) {
  const git = (...words) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@localhost', ...words], {
      stdio: 'pipe',
    });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'As it was');
}

/** The number of the first line with these words. No step adds or removes lines. */
function line(words) {
  return lines.findIndex((text) => text.includes(words)) + 1;
}

async function step(name, steps) {
  const start = Date.now();
  try {
    await steps();
  } catch (error) {
    console.log(`✗ ${name}`);
    throw error;
  }
  passed += 1;
  console.log(`✓ ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}

/** A screenshot of the whole window; the README's, when it was asked for. */
async function picture(name) {
  const path = join(screenshots, `${name}.png`);
  await page.screenshot({ path });
  if (options.picture) {
    await mkdir(dirname(resolve(options.picture)), { recursive: true });
    await cp(path, resolve(options.picture));
  }
}

/** The file of the entity Post, with a side effect whose field is misspelt, and its lines. */
async function breakPost(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    const text = /\.ya?ml$/.test(name) ? await readFile(path, 'utf8') : '';
    if (/^entity: Post$/m.test(text)) {
      const broken = text.replace('fields: [post_count]', `fields: [${MISSPELT}]`);
      assert.notEqual(broken, text, `${name} has no \`fields: [post_count]\``);
      await writeFile(path, broken);
      return { file: path, lines: broken.split('\n') };
    }
  }
  assert.fail(`no entity Post in ${folder}`);
}
