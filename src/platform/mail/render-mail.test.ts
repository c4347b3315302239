import { describe, expect, test } from 'vitest';
import { transportOptions } from './mail-transport.ts';
import { oneLine, renderMail } from './render-mail.ts';

describe('a mail', () => {
  const content = {
    greeting: 'Bonjour <b>Nadia</b>,',
    paragraphs: ['Deux & demi,\r\nBcc: tous@exemple.be'],
    items: ['« Rue Haute »'],
    link: { label: 'Ouvrir', path: '/invitation/a"b' },
    notes: ["L'adresse ne reçoit rien."],
  };
  const { text, html } = renderMail(content, { language: 'fr', baseUrl: 'https://palier.exemple.be' });

  test('says the same in text', () => {
    expect(text).toBe(
      [
        'Bonjour <b>Nadia</b>,',
        'Deux & demi, Bcc: tous@exemple.be',
        '- « Rue Haute »',
        'Ouvrir\nhttps://palier.exemple.be/invitation/a"b',
        "--\nL'adresse ne reçoit rien.\n",
      ].join('\n\n'),
    );
  });

  test('and in HTML, where nothing typed is markup', () => {
    expect(html).toContain('<p>Bonjour &lt;b&gt;Nadia&lt;/b&gt;,</p><p>Deux &amp; demi, Bcc: tous@exemple.be</p>');
    expect(html).toContain('<ul><li>« Rue Haute »</li></ul>');
    expect(html).toContain('<a href="https://palier.exemple.be/invitation/a&quot;b">Ouvrir</a>');
    expect(html).toContain('<small>L&#39;adresse ne reçoit rien.</small>');
    expect(html).toContain('<html lang="fr">');
  });
});

test.each([
  // typed                          kept                       where the expected value comes from
  ['Marie\r\nBcc: x@y.be', 'Marie Bcc: x@y.be', 'a header begins on a line of its own (RFC 5322, 2.2)'],
  ['a\u0000b\u0085c\u2028d', 'a b c d', 'controls and separators of lines'],
  ['\u202egnp.exe\u200b', 'gnp.exe', 'marks of direction and of no width'],
  ['  Élodie ’t Serstevens ', 'Élodie ’t Serstevens', 'an ordinary name'],
])('%j becomes %j (%s)', (typed, kept, _source) => expect(oneLine(typed)).toBe(kept));

test.each([
  // SMTP_URL                                     expected                                    where it comes from
  ['smtp://mail.exemple.be', { port: 587, secure: false, requireTLS: true, ignoreTLS: false }, 'RFC 8314: submission'],
  [
    'smtps://mail.exemple.be',
    { port: 465, secure: true, requireTLS: false, ignoreTLS: false },
    'RFC 8314: implicit TLS',
  ],
  [
    'smtp://localhost:25',
    { host: 'localhost', port: 25, requireTLS: false, ignoreTLS: true },
    'nothing leaves the machine',
  ],
  ['smtp://[::1]:25', { host: '::1', requireTLS: false, ignoreTLS: true }, 'the same, IPv6'],
  ['smtp://localhost.exemple.be', { requireTLS: true, ignoreTLS: false }, 'not this machine'],
  ['smtp://a%40b:p%2Fq@x.be', { auth: { user: 'a@b', pass: 'p/q' } }, 'RFC 3986: percent encoding'],
  ['smtp://a:100%@x.be', { auth: { user: 'a', pass: '100%' } }, 'a password copied as it is'],
])('%s is reached so: %j (%s)', (url, expected, _source) => expect(transportOptions(url)).toMatchObject(expected));
