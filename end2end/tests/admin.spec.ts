// What the staff does: finding somebody, proving with two factors who one is, suspending, undoing, and reading about it.
import { at, expect, open, picture, PASSWORD, signIn, test, wellMade, withApp } from './site';

for (const scripts of [true, false]) {
  test(`suspending somebody and lifting it again (${scripts ? 'with' : 'without'} scripts)`, async ({ browser }) => {
    const page = await open(browser, { lang: 'en', scripts });
    // An administrator of each flow's own: `scripts/with-demo` makes four, without a second factor.
    const administrator = (test.info().project.name.startsWith('p') ? 1 : 3) + (scripts ? 0 : 1);
    await signIn(page, `petugas_${administrator}@demo.example`);
    await page.goto('/admin');
    if (scripts) await wellMade(page);
    await page.locator('main .row-title a[href="/admin/users"]').click();
    await page.selectOption('[name=role]', 'user');
    await page.locator('form.filters button').click();
    if (scripts) await wellMade(page);
    // Somebody else on phone and desktop, with and without scripts, so that the flows do not meet.
    const place = (test.info().project.name.startsWith('p') ? 20 : 24) + (scripts ? 0 : 2);
    await page.locator('.row-title a').nth(place).click();
    await page.waitForURL(/\/admin\/users\/\d+$/);
    const account = page.url();
    await page.locator('main a[href$="/suspend"]').click();
    await expect(page, 'proof comes first').toHaveURL(at('/account/sudo'));
    await page.fill('[name=password]', PASSWORD);
    await page.locator('main form button.btn-primary').click();
    await expect(page).toHaveURL(/\/suspend$/);
    await expect(page.locator('main a[href="/account/two-factor"]'), 'one factor is not enough').toBeVisible();
    if (scripts) {
      await wellMade(page);
      await picture(page, 'admin-second-factor');
    }
    await withApp(page);
    await page.reload();
    await page.locator('main form button.btn-danger-fill').click();
    await expect(page.locator('#errors'), 'a reason is needed').toBeVisible();
    if (scripts) await wellMade(page);
    await page.fill('[name=reason]', 'Spam in ten threads');
    await page.fill('[name=days]', '3');
    await page.locator('main form button.btn-danger-fill').click();
    await expect(page).toHaveURL(account);
    await expect(page.locator('main')).toContainText('Spam in ten threads');
    if (scripts) {
      await wellMade(page);
      await picture(page, 'admin-user');
    }
    // The way back stands beside the deed.
    await page.locator('main .row-end a[href$="/unsuspend"]').first().click();
    await page.fill('[name=reason]', 'A mistake');
    await page.locator('main form button.btn-primary').click();
    await expect(page.locator('.flash')).toBeVisible();
    await page.goto('/admin/audit?event=user.');
    await expect(page.locator('main')).toContainText('A mistake');
    if (scripts) {
      await wellMade(page);
      await picture(page, 'admin-audit');
    }
    await page.context().close();
  });
}
