import { describe, expect, test } from 'vitest';
import { typeset } from './typesetter.ts';

const organisation = { name: 'AIS Les Tilleuls', address: 'Rue du Tilleul 1, 1030 Schaerbeek', contact: null };
const letter = {
  organisation,
  reference: '2023-0001',
  caleol: false,
  household: { name: 'Amina Benali', street: 'Rue Haute 3', city: '1000 Bruxelles' },
  dwelling: {
    address: 'Rue des Tanneurs 48',
    kind: '2 chambres',
    rent: '602,00 €',
    charges: '45,00 €',
    freeOn: '01/07/2026',
  },
  rank: 1,
  answerBy: '23/11/2026',
  days: 10,
  steps: ['Notifié le 12/11/2026'],
  sentOn: '12/11/2026',
  signatory: 'Nadia Belkacem',
};

describe('documents', () => {
  test.each(['fr', 'nl'])('the offer letter is set in %s as a tagged PDF', (language) => {
    const pdf = typeset('offer-letter', { ...letter, language });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.includes('/MarkInfo')).toBe(true);
    expect(pdf.includes('/StructTreeRoot')).toBe(true);
  });

  test('what a person typed is never read as a template', () => {
    const hostile = '#panic("boom") $x$ *gras* = Titre';
    expect(() =>
      typeset('offer-letter', { ...letter, language: 'fr', household: { ...letter.household, name: hostile } }),
    ).not.toThrow();
  });

  test('says which template failed', () =>
    expect(() => typeset('offer-letter', { language: 'fr' })).toThrow('offer-letter'));
});
