// Sending files: a look at what was chosen, what would be refused, how far sending is, stopping, trying again; with and without scripts.
import { deflateSync } from 'node:zlib';
import { at, awake, expect, open, picture, signIn, test, wellMade, type Page } from './site';

/** Somebody whom no other test changes: each test takes one, each project another. */
function somebody(desktop: string, phone: string): string {
  return `${test.info().project.name === 'phone' ? phone : desktop}@demo.example`;
}

/** A PNG of one colour. */
function png(side: number, colour: [number, number, number]): Buffer {
  const crc = (bytes: Buffer) => {
    let value = ~0;
    for (const byte of bytes) {
      value ^= byte;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return ~value >>> 0;
  };
  const chunk = (kind: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), content]);
    const length = Buffer.alloc(4), sum = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.from([0, 0, side >> 8, side & 255, 0, 0, side >> 8, side & 255, 8, 2, 0, 0, 0]);
  const line = Buffer.concat([Buffer.from([0]), Buffer.concat(Array(side).fill(Buffer.from(colour)))]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(Array(side).fill(line)))), chunk('IEND', Buffer.alloc(0)),
  ]);
}

const photo = { name: 'foto-saya.png', mimeType: 'image/png', buffer: png(300, [30, 120, 160]) };

async function toAvatar(page: Page, email: string) {
  await signIn(page, email);
  await page.goto('/account');
}

test('a picture is looked at, sent and shown in the menu', async ({ browser }) => {
  const page = await open(browser);
  await toAvatar(page, somebody('teguh_w', 'rina_marlina'));
  await awake(page);
  await page.setInputFiles('#avatar', photo);
  await expect(page.locator('.chosen')).toContainText('foto-saya.png');
  await expect(page.locator('.chosen')).toContainText('0,1 MB');
  await expect(page.locator('.chosen img')).toBeVisible();
  await wellMade(page);
  await picture(page, 'upload-chosen');

  // Taken back, and dropped instead of picked.
  await page.locator('.chosen button').click();
  await expect(page.locator('.chosen')).toBeHidden();
  await expect(page.locator('#avatar')).toBeFocused();
  const dropped = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], 'seret.png', { type: 'image/png' }));
    return transfer;
  }, [...photo.buffer]);
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: dropped });
  await expect(page.locator('.chosen')).toContainText('seret.png');

  await page.locator('form[data-upload] .btn:not(.uploading *, .upload-failed *, .chosen *)').click();
  await expect(page.locator('.flash-success')).toBeVisible();
  await expect(page).toHaveURL(at('/account'));
  await expect(page.locator('.topbar .avatar')).toHaveAttribute('src', /\/media\/avatars\//);
  await picture(page, 'upload-sent');
  await page.context().close();
});

test('what would be refused is said before it is sent', async ({ browser }) => {
  const page = await open(browser, { lang: 'en' });
  let sent = 0;
  await page.route('**/account/avatar', (route) => { sent += 1; return route.continue(); });
  await toAvatar(page, somebody('asep_sunandar_j', 'bunga_ptw'));
  await awake(page);
  const error = page.locator('#avatar-e');
  await page.setInputFiles('#avatar', { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from('%PDF-1.7\nnot a picture at all') });
  await expect(error).toHaveText('A file of this type is not taken here.');
  await expect(page.locator('#avatar')).toHaveAttribute('aria-invalid', 'true');
  await wellMade(page);
  await picture(page, 'upload-refused');
  await page.setInputFiles('#avatar', { name: 'large.png', mimeType: 'image/png', buffer: Buffer.concat([photo.buffer, Buffer.alloc(5 * 1024 * 1024)]) });
  await expect(error).toHaveText('At most 5 MB.');
  await page.locator('form[data-upload]').evaluate((form: HTMLFormElement) => form.requestSubmit());
  await expect(page.locator('#avatar')).toBeFocused();
  expect(sent).toBe(0);
  await page.setInputFiles('#avatar', photo);
  await expect(error).toHaveCount(0);
  await page.context().close();
});

test('sending shows how far it is, can be stopped, and keeps the file when it fails', async ({ browser }) => {
  const page = await open(browser);
  await toAvatar(page, somebody('stefanus_lim', 'nurul_hidayah7'));
  await awake(page);
  await page.setInputFiles('#avatar', photo);
  const submit = () => page.locator('form[data-upload]').evaluate((form: HTMLFormElement) => form.requestSubmit());

  // The answer waits until the test lets it go.
  let release = () => {};
  const held = new Promise<void>((resolve) => { release = resolve; });
  await page.route('**/account/avatar', async (route) => { await held; await route.abort().catch(() => {}); });
  await submit();
  await expect(page.locator('.uploading')).toBeVisible();
  // Enter, pressed twice, does not stop what it began.
  await expect(page.locator('.uploading')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.uploading')).toBeVisible();
  await wellMade(page);
  await picture(page, 'upload-sending');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.uploading')).toBeHidden();
  // Whether everything was sent by then is the browser's to say; both are told truly.
  await expect(page.locator('form[data-upload]')).toContainText(/Dihentikan|Mungkin sudah kami terima/);
  await expect(page.locator('.chosen')).toContainText('foto-saya.png');
  release();
  await page.unroute('**/account/avatar');

  // A connection that breaks, then a server that can't, then all is well.
  await page.route('**/account/avatar', (route) => route.abort());
  await submit();
  await expect(page.locator('.upload-failed')).toContainText(/Koneksi terputus|Mungkin sudah kami terima/);
  await wellMade(page);
  await picture(page, 'upload-failed');
  await page.unroute('**/account/avatar');
  await page.route('**/account/avatar', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }));
  await page.locator('.upload-failed button').click();
  await expect(page.locator('.upload-failed')).toContainText('belum dapat menerimanya');
  await page.unroute('**/account/avatar');

  // A session that ended meanwhile: the way back stands beside what was chosen.
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.locator('.upload-failed button').click();
  await expect(page.locator('.upload-failed a')).toHaveAttribute('target', '_blank');
  await expect(page.locator('.upload-failed')).toContainText('Kode permintaan');
  await wellMade(page);
  await picture(page, 'upload-signed-out');
  await page.context().addCookies(cookies);
  await page.locator('.upload-failed button').click();
  await expect(page.locator('.flash-success')).toBeVisible();
  await page.context().close();
});

test('what the server refuses loses nothing that was typed beside it', async ({ browser }) => {
  const page = await open(browser);
  await toAvatar(page, somebody('hendro_k', 'ratna_sihombing'));
  await awake(page);
  await page.fill('#bio', 'Belum disimpan, masih diketik.');
  // A picture by its first bytes, and by nothing else.
  await page.setInputFiles('#avatar', { name: 'rusak.png', mimeType: 'image/png', buffer: photo.buffer.subarray(0, 60) });
  await expect(page.locator('.chosen')).toContainText('rusak.png');
  await page.locator('form[data-upload]').evaluate((form: HTMLFormElement) => form.requestSubmit());
  await expect(page.locator('.error-summary')).toBeVisible();
  await expect(page.locator('#bio')).toHaveValue('Belum disimpan, masih diketik.');
  await page.context().close();
});

test('an answer that was lost is made up for by the page', async ({ browser }) => {
  const page = await open(browser);
  await signIn(page, somebody('agus_ph', 'siti_rahmah'));
  await page.goto('/account/kyc');
  await awake(page);
  await page.setInputFiles('#identity_card', photo);
  await page.setInputFiles('#selfie', { ...photo, name: 'selfie.png' });
  await page.route('**/account/kyc', async (route) => { await route.fetch({ maxRedirects: 0 }); await route.abort(); });
  await page.locator('form[data-upload] .btn-primary').click();
  await expect(page.locator('.upload-failed')).toBeVisible();
  await page.unroute('**/account/kyc');
  await page.locator('.upload-failed button').click();
  // They are in review: the page says so, and has no form any more.
  await expect(page.locator('.error-summary')).toBeVisible();
  await expect(page.locator('form[data-upload]')).toHaveCount(0);
  await wellMade(page);
  await picture(page, 'kyc-already-sent');
  await page.context().close();
});

test('a server that refuses shows its page in place, and what it did not refuse stays chosen', async ({ browser }) => {
  const page = await open(browser, { lang: 'en' });
  await signIn(page, somebody('gde_suryawan', 'marlon_tuhumury'));
  await page.goto('/account/kyc');
  await awake(page);
  await wellMade(page);
  // The selfie is missing, which only the server says.
  await page.setInputFiles('#identity_card', photo);
  await expect(page.locator('.chosen img').first()).toBeVisible();
  await picture(page, 'kyc-chosen');
  await page.locator('form[data-upload]').evaluate((form: HTMLFormElement) => form.requestSubmit());
  await expect(page.locator('.error-summary')).toBeVisible();
  await expect(page.locator('.upload-taken')).toBeVisible();
  await expect(page.locator('#selfie')).toBeFocused();
  await wellMade(page);
  await picture(page, 'kyc-refused');
  // The page that came is as awake as the first.
  await page.setInputFiles('#selfie', { ...photo, name: 'selfie.png' });
  await expect(page.locator('#selfie-e')).toHaveCount(0);
  await page.locator('form[data-upload] .btn-primary').click();
  await expect(page.locator('.flash-success')).toBeVisible();
  await expect(page).toHaveURL(at('/account/kyc'));
  await picture(page, 'kyc-sent');
  await page.context().close();
});

test('without scripts the form is a form', async ({ browser }) => {
  const page = await open(browser, { scripts: false });
  await toAvatar(page, somebody('yuliana_w', 'fikri_hakim'));
  await expect(page.locator('.chosen, .uploading, .upload-failed').filter({ visible: true })).toHaveCount(0);
  await page.setInputFiles('#avatar', photo);
  await page.locator('form[data-upload] .btn').last().click();
  await expect(page.locator('.flash-success')).toBeVisible();
  await picture(page, 'upload-plain');
  await page.context().close();
});
