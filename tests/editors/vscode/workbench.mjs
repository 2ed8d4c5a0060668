// The window of VS Code as its user sees it: what one reads in it and does to it. Everything waits
// until it has happened, so a caller writes down steps and nothing about time.

import assert from 'node:assert/strict';

const PATIENCE = 120_000; // milliseconds; the machine of a CI job may be slow

export class Workbench {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
  }

  async open(url, folder) {
    const address = `${url}?folder=${encodeURIComponent(folder)}`;
    await this.page.goto(address, { waitUntil: 'domcontentloaded', timeout: 3 * PATIENCE });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** Opens what a `.code-workspace` file lists. */
  async openWorkspace(url, file) {
    const address = `${url}?workspace=${encodeURIComponent(file)}`;
    await this.page.goto(address, { waitUntil: 'domcontentloaded', timeout: 3 * PATIENCE });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** By name, wherever in the folder it is. */
  async openFile(name) {
    await this.choose('Control+P', name, name);
    await this.tab(0).filter({ hasText: name }).waitFor();
    await this.editor(0).locator('.view-line').first().waitFor();
  }

  /** The editor of the given group, counted from the left. */
  editor(group) {
    return this.group(group).locator('.editor-instance .monaco-editor').first();
  }

  /** The tab in front of the given group. */
  tab(group) {
    return this.group(group).locator('.tab.active');
  }

  group(group) {
    return this.page.locator('.editor-group-container').nth(group);
  }

  /** The visible lines of a group's editor. VS Code draws spaces as no-break spaces. */
  async text(group) {
    const lines = this.editor(group).locator('.view-line');
    const drawn = await lines.evaluateAll((elements) =>
      elements
        .map((element) => ({ top: Number.parseFloat(element.style.top), text: element.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return drawn.join('\n').replaceAll('\u00a0', ' ');
  }

  async waitForText(group, wanted) {
    await this.eventually(`${wanted} in the editor`, () => this.text(group), (text) => matches(text, wanted));
    return this.text(group);
  }

  async language() {
    return this.page.locator('#status\\.editor\\.mode').innerText();
  }

  /** The rows of the Problems panel. */
  async problems() {
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    return (await rows.allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' ').trim());
  }

  async showProblems() {
    await this.page.keyboard.press('Control+Shift+M');
    await this.page.locator('.markers-panel').waitFor();
  }

  async waitForProblem(wanted) {
    return this.eventually(`a problem ${wanted}`, () => this.problems(), (rows) =>
      rows.some((row) => matches(row, wanted)),
    );
  }

  async waitForNoProblem(unwanted) {
    return this.eventually(`no problem ${unwanted}`, () => this.problems(), (rows) =>
      rows.every((row) => !matches(row, unwanted)),
    );
  }

  /** Where `word` is drawn for the first time: its middle, in pixels of the page. */
  async place(group, word) {
    const find = () =>
      this.editor(group).evaluate((editor, word) => {
        for (const line of editor.querySelectorAll('.view-line')) {
          const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(word);
          if (start < 0) continue;
          const range = document.createRange();
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          let offset = 0;
          let begun = false;
          for (let node = walker.nextNode(); node; offset += node.length, node = walker.nextNode()) {
            if (!begun && start < offset + node.length) {
              range.setStart(node, start - offset);
              begun = true;
            }
            if (begun && start + word.length <= offset + node.length) {
              range.setEnd(node, start + word.length - offset);
              break;
            }
          }
          const box = range.getBoundingClientRect();
          return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        }
        return undefined;
      }, word);
    return this.eventually(`\`${word}\` on the screen`, find, (place) => place !== undefined);
  }

  /** Puts the cursor of the left editor into a line, counted from 1, and the line in sight. */
  async goTo(line) {
    await this.page.keyboard.press('Control+1');
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input');
    await input.fill(`:${line}`);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await this.page.locator('#status\\.editor\\.selection', { hasText: `Ln ${line},` }).waitFor();
  }

  async click(group, word) {
    const { x, y } = await this.place(group, word);
    await this.page.mouse.click(x, y);
  }

  /** The text of the hover that appears over `word`. Pointed at again until it comes: an edit or a lens that
   *  arrives meanwhile moves the text away under the pointer. */
  async hover(group, word, wanted) {
    const hover = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content');
    const read = async () => (await hover.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
    const point = async () => {
      const { x, y } = await this.place(group, word);
      await this.page.mouse.move(x + 40, y + 60);
      await this.page.mouse.move(x, y, { steps: 4 });
      const until = Date.now() + PATIENCE / 12;
      let text = await read();
      while (!matches(text, wanted) && Date.now() < until) {
        await this.page.waitForTimeout(100);
        text = await read();
      }
      return text;
    };
    return this.eventually(`${wanted} in a hover`, point, (text) => matches(text, wanted));
  }

  /** The quick fixes at the cursor. Asked for again until they come: what moves under the cursor closes the menu. */
  async openQuickFixes() {
    const menu = this.page.locator('.action-widget .monaco-list-row.action');
    const open = async () => {
      await this.page.keyboard.press('Control+.');
      await menu.first().waitFor({ timeout: PATIENCE / 12 }).catch(() => {});
      return menu.count();
    };
    await this.eventually('quick fixes', open, (count) => count > 0);
    return menu;
  }

  async codeLens(title) {
    const lens = this.page.locator('.codelens-decoration a', { hasText: title }).first();
    await lens.waitFor();
    return lens;
  }

  /** Line and column of the cursor, as the status bar has them. */
  async cursor() {
    const shown = await this.page.locator('#status\\.editor\\.selection').innerText();
    const [, line, column] = /Ln (\d+), Col (\d+)/.exec(shown) ?? [];
    return { line: Number(line), column: Number(column) };
  }

  /** Whether `wanted` is proposed within some milliseconds. */
  async suggests(wanted, within) {
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
    const until = Date.now() + within;
    do {
      const texts = await rows.allInnerTexts();
      if (texts.some((text) => text.split(/\s/)[0] === wanted)) {
        return true;
      }
      await this.page.waitForTimeout(50);
    } while (Date.now() < until);
    return false;
  }

  /** A message with buttons, once it says `wanted`. */
  async notification(wanted) {
    const toast = this.page.locator('.notification-toast', { hasText: wanted }).first();
    await toast.waitFor();
    return toast;
  }

  /** Makes room, if the bar at the side is open. */
  async hideSideBar() {
    const bar = this.page.locator('.part.sidebar');
    if (await bar.isVisible()) {
      await this.page.keyboard.press('Control+B');
      await bar.waitFor({ state: 'hidden' });
    }
  }

  /** A person closes messages that have been read; they would lie over what is looked at next. */
  async clearNotifications() {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.page.locator('.notification-toast').first().waitFor({ state: 'detached' });
  }

  /** A row of a quick pick, once it is there. */
  pick(text) {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** The page inside a webview that has `selector` in it. */
  async webview(selector) {
    return this.eventually(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        if (frame !== this.page.mainFrame() && (await frame.locator(selector).count().catch(() => 0)) > 0) {
          return frame;
        }
      }
      return undefined;
    }, (frame) => frame !== undefined);
  }

  async runCommand(title) {
    await this.choose('F1', `>${title}`, title);
  }

  /**
   * Opens a list by a key, types, and takes the row with this text. An editor that opens late takes the
   * focus, which closes the list, and a list of files may have been made before the file was: then it is
   * opened again. The list shows other rows until it is filtered, and Enter takes the one that has the focus.
   */
  async choose(key, words, row) {
    const input = this.page.locator('.quick-input-widget input');
    const wanted = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: row });
    for (let tries = 1; ; tries += 1) {
      await this.page.keyboard.press(key);
      try {
        await input.fill(words, { timeout: 5_000 });
        await wanted.waitFor({ timeout: 5_000 * tries });
        await this.page.keyboard.press('Enter');
        return;
      } catch (error) {
        if (tries === 6) {
          throw error;
        }
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Polls `read` until `accept` likes what it sees, and returns that. */
  async eventually(what, read, accept) {
    const deadline = Date.now() + PATIENCE;
    let seen;
    do {
      seen = await read();
      if (accept(seen)) {
        return seen;
      }
      await this.page.waitForTimeout(100);
    } while (Date.now() < deadline);
    assert.fail(`waited in vain for ${what}; seen: ${JSON.stringify(seen, undefined, 2)}`);
  }
}

function matches(text, wanted) {
  return wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted);
}
