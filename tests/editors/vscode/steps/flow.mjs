// Who publishes what, as a picture that leads to the files; and a new entity.

import assert from 'node:assert/strict';

export function flowSteps({ step, workbench, page, screenshot }) {
  return async () => {
    await step('the event flow is a picture, and a click in it goes to the file', async () => {
      await workbench.runCommand('SpecQL: Show Event Flow');
      const frame = await workbench.webview('#picture svg .node');
      const node = frame.locator('g.node', { hasText: 'blog.Comment.add_comment' }).first();
      await node.waitFor();
      await screenshot('flow');
      const before = await frame.locator('#picture svg').getAttribute('style');
      await frame.locator('#picture').hover();
      await page.mouse.wheel(0, -300);
      await workbench.eventually(
        'a larger picture',
        () => frame.locator('#picture svg').getAttribute('style'),
        (style) => style !== before,
      );
      await node.focus();
      await page.keyboard.press('0');
      await page.waitForTimeout(300);
      await node.click();
      await workbench.tab(0).filter({ hasText: 'comment.yaml' }).waitFor();
    });

    await step('a new entity is a file without findings', async () => {
      await workbench.runCommand('SpecQL: New Entity');
      await page.locator('.quick-input-widget input').fill('BlogLabel');
      await page.keyboard.press('Enter');
      await page.getByText('Its schema, in snake_case').first().waitFor();
      assert.equal(await page.locator('.quick-input-widget input').inputValue(), 'blog');
      await page.keyboard.press('Enter');
      await workbench.tab(0).filter({ hasText: 'blog_label.specql.yaml' }).waitFor();
      await workbench.waitForText(0, 'add_blog_label');
      await page.waitForTimeout(1000);
      const rows = await workbench.problems();
      assert.ok(!rows.some((row) => row.includes('BlogLabel') || row.includes('blog_label')), rows.join('\n'));
    });
  };
}
