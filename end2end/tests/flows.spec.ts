// What people do, with and without scripts. axe itself is a script: pages are judged by it where scripts may run.
import { at, awake, expect, mailTo, open, picture, signIn, test, wellMade } from './site';

for (const scripts of [true, false]) {
  const how = scripts ? 'with scripts' : 'without scripts';

  test(`registering, confirming, signing in and out (${how})`, async ({ browser }) => {
    const page = await open(browser, { lang: 'en', scripts });
    const name = `e2e_${test.info().project.name.slice(0, 2)}${scripts ? 'y' : 'n'}${Date.now() % 1e6}`;
    const email = `${name}@contoh.example`;

    await page.goto('/register');
    await page.fill('[name=email]', 'not an address');
    await page.fill('[name=password]', 'short');
    await page.locator('main form button.btn-primary').click();
    await expect(page.locator('#errors')).toBeVisible();
    await expect(page.locator('[name=email]'), 'what was typed is kept').toHaveValue('not an address');
    await expect(page.locator('[name=email]')).toHaveAttribute('aria-invalid', 'true');
    if (scripts) await wellMade(page);

    await page.fill('[name=email]', email);
    await page.fill('[name=username]', name);
    if (scripts) {
      await awake(page);
      await page.fill('[name=password]', 'password123');
      await expect(page.locator('.meter')).toContainText('Known from a data breach');
      await wellMade(page);
      await picture(page, 'password-meter');
    }
    await page.fill('[name=password]', 'kuda lumping hijau 77');
    if (scripts) await expect(page.locator('.meter')).toContainText(/good/i);
    await page.check('[name=accept_terms]');
    await page.locator('main form button.btn-primary').click();
    await expect(page).toHaveURL(at('/verify'));

    const link = /(\/verify\?token=\S+)/.exec(await mailTo(email))![1];
    await page.goto(link);
    await page.locator('main form button.btn-primary').click();
    await expect(page.locator('.flash')).toBeVisible();

    await signIn(page, email, 'kuda lumping hijau 77');
    await page.locator('header .menu').last().locator('summary').click();
    await page.locator('form[action="/logout"] button').click();
    await expect(page.locator('header')).toContainText('Sign in');
    await page.context().close();
  });

  test(`a thread: write, preview, publish, answer, react, edit, delete (${how})`, async ({ browser }) => {
    const page = await open(browser, { lang: 'id', scripts });
    await signIn(page);
    await page.goto('/threads/new');
    await page.locator('main form button.btn-primary').first().click();
    await expect(page.locator('#errors'), 'an empty form says what is missing').toBeVisible();

    const title = `Kappa 0,61 untuk dua anotator? 👩‍🔬 ${Date.now()}`;
    await page.fill('[name=title]', title);
    await page.selectOption('[name=category]', 'methods');
    await page.fill('[name=content]', '## Pertanyaan\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nApakah $\\kappa$ cukup? <script>alert(1)</script>');
    await page.fill('[name=tags]', 'kappa, anotasi');
    await page.locator('main form button.btn-primary').first().click();
    await expect(page.locator('h1')).toHaveText(title);
    await expect(page.locator('.prose table').first()).toBeVisible();
    expect(await page.locator('.prose script').count()).toBe(0);
    if (scripts) await wellMade(page);

    await page.fill('#composer [name=content]', 'Balasan **pertama** untuk @dewi_wardhani');
    await page.locator('#composer button.btn-primary').click();
    await expect(page.locator('.reply .prose strong')).toHaveText('pertama');
    await expect(page.locator('.reply .mention')).toHaveAttribute('href', '/user/dewi_wardhani');
    await picture(page, `thread-${scripts}`);

    await page.goto(new URL(page.url()).pathname);
    await page.getByRole('link', { name: /Sunting|Edit/ }).first().click();
    await page.fill('[name=title]', `${title} (dijawab)`);
    await page.locator('main form button.btn-primary').first().click();
    await expect(page.locator('h1')).toContainText('(dijawab)');
    await page.context().close();
  });

  test(`a case: open, edit, cancel (${how})`, async ({ browser }) => {
    const page = await open(browser, { lang: 'en', scripts });
    await signIn(page);
    await page.goto('/validation-cases/new');
    const title = `Check a translation of a consent form ${Date.now()}`;
    await page.fill('[name=title]', title);
    await page.selectOption('[name=category]', 'translations');
    await page.fill('[name=content]', 'Twelve pages, *Indonesian to English*.');
    await page.fill('[name=bountyAmount]', '1.250.000');
    await page.locator('main form button.btn-primary').first().click();
    await expect(page.locator('h1')).toHaveText(title);
    await expect(page.locator('main')).toContainText('Rp 1.250.000');
    if (scripts) await wellMade(page);
    await picture(page, `case-${scripts}`);

    const path = new URL(page.url()).pathname;
    await page.goto(`${path}/cancel`);
    await page.fill('[name=reason]', 'Someone at the office did it.');
    await page.locator('main form button[class*=btn-danger]').first().click();
    await expect(page.locator('.chip').first()).toContainText('Cancelled');
    await expect(page.locator('.timeline')).toContainText(/cancel/i);
    await page.goto(`${path}/edit`);
    await expect(page.locator('main'), 'a cancelled case can no longer be edited').not.toContainText('Save changes');
    await page.context().close();
  });

  test(`language and theme (${how})`, async ({ browser }) => {
    const page = await open(browser, { lang: 'id', scripts });
    await page.goto('/forum');
    await page.locator('footer button[value=en]').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page).toHaveURL(at('/forum'));
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.context().close();
  });
}

test('islands: reacting without leaving the page, and a live preview', async ({ browser }) => {
  const page = await open(browser, { lang: 'en' });
  // Each kind of device has a person of its own: a second like of the same one would take the first back.
  await signIn(page, test.info().project.name === 'phone' ? 'dewi_wardhani@demo.example' : undefined);
  await page.goto('/threads/61');
  await awake(page);
  const before = page.url();
  const like = page.locator('.post footer button.reaction, .post footer [name=r][value$=like]').first();
  if (!(await like.isVisible())) await page.locator('.post footer summary, .post footer .act').first().click();
  await page.locator('.post footer [name=r][value$="like"]').first().click();
  await expect(page.locator('.post footer [aria-pressed=true]').first()).toBeVisible();
  expect(page.url().split('#')[0].split('?')[0]).toBe(before.split('#')[0].split('?')[0]);
  await page.fill('#composer [name=content]', 'A **bold** claim');
  await page.locator('#composer [value=preview]').click();
  await expect(page.locator('#composer strong')).toHaveText('bold');
  await page.context().close();
});
