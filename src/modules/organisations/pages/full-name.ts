export const fullName = (person: { givenName: string; familyName: string }): string =>
  `${person.givenName} ${person.familyName}`;
