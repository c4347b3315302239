/** Whom events name when the person at the keyboard of the server acts, who has no account. */
export const operator = { userId: 'operator', userName: 'Administrateur du serveur' };
