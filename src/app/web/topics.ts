/** Pages that « Comprendre » explains below them, the narrower address first. Those of the steering explain themselves. */
const topics: readonly [RegExp, string][] = [
  [/^\/ou-en-suis-je/, 'standing'],
  [/^\/assiette\/previsionnel/, 'forecast'],
  [/^\/assiette\/documents/, 'documents'],
  [/^\/assiette\/bilan/, 'outside'],
  [/^\/assiette/, 'base'],
  [/^\/etat-des-lieux/, 'inventory'],
  [/^\/conversion/, 'conversion'],
  [/^\/programmes-neufs/, 'programmes'],
  [/^\/conventions\/./, 'targets'],
  [/^\/conventions/, 'agreements'],
  [/^\/comptage\/simulateur/, 'simulator'],
  [/^\/comptage/, 'points'],
  [/^\/territoire\/points/, 'points'],
  [/^\/orientation\/plan/, 'plan'],
  [/^\/orientation\/suivi/, 'follow'],
  [/^\/(orientation|liberations\/[^/]+\/orientation)/, 'orientation'],
  [/^\/bilans/, 'reports'],
  [/^\/rapprochement/, 'reconciliation'],
];

export const topicAt = (path: string): string | undefined => topics.find(([address]) => address.test(path))?.[1];
