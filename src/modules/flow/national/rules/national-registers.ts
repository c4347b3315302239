import { law, secondary, unverified } from '../../../../regulation/sources.ts';

/** What closes a demand in the national register, and what then counts (flux-fr L-47, L-48, L-64, § 6.1). */
export const nationalRegisters = {
  /** A demand is closed for attribution once the lease is signed, by the landlord, under penalty (L-47). */
  closure: law('Code de la construction et de l’habitation', 'R441-2-8'),
  /** The landlord says there the contingent, the DALO and the dwelling; wording of 2012 (L-48). */
  closureContent: secondary('Cahier des charges du numéro unique, arrêté du 17 septembre 2012', 'R441-2-9'),
  /** No attribution without a number (L-47). */
  number: law('Code de la construction et de l’habitation', 'R441-2-8'),
  /** In Île-de-France only a label that holds on the day of the committee counts (L-64). */
  label: secondary('Aatiko, interface SYPLO : label antérieur à la CALEOL'),
  /** How the five words of the register answer our contingents: our reading, to be checked with the service of the State. */
  contingents: unverified('Correspondance des contingents, lecture de l’arrêté du 17 septembre 2012'),
  /** Declared incomes are verified later, and change the quartile (§ 8). */
  quartile: secondary('Union régionale HLM Hauts-de-France, arrêté du 15 juin 2020 sur les premiers quartiles'),
} as const;
