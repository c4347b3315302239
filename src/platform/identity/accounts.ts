import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { accountSubject, addressSubject, requireGoodPassword } from './identity.ts';
import { hashPassword } from './passwords.ts';

/**
 * Gives a person another password, for whoever runs the program: every session ends, failed attempts are forgotten.
 * One-time codes stay as they are.
 * @throws Problem E-PASSWORD-01 when it is too easy to guess
 */
export async function resetPassword(
  auth: pg.Pool,
  user: { id: string; email: string },
  password: string,
): Promise<void> {
  requireGoodPassword(password);
  const hash = await hashPassword(password);
  const client = await auth.connect();
  try {
    await client.query('begin');
    const { rowCount } = await client.query(
      `update auth."account" set "password" = $2, "updatedAt" = now() where "userId" = $1 and "providerId" = 'credential'`,
      [user.id, hash],
    );
    // Someone who signed in through a provider alone has no password yet.
    if (rowCount === 0) {
      await client.query(
        `insert into auth."account" ("id", "accountId", "providerId", "userId", "password", "updatedAt")
         values ($1, $2, 'credential', $2, $3, now())`,
        [randomUUID(), user.id, hash],
      );
    }
    await client.query('delete from auth."session" where "userId" = $1', [user.id]);
    await client.query('delete from auth.sign_in_failures where subject = $1', [accountSubject(user.email)]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Forgets the failed attempts of a person, passwords and one-time codes alike. @returns how many there were */
export async function unlockAccount(auth: pg.Pool, user: { id: string; email: string }): Promise<number> {
  const { rowCount } = await auth.query('delete from auth.sign_in_failures where subject = $1', [
    accountSubject(user.email),
  ]);
  await auth.query(
    'update auth."twoFactor" set "failedVerificationCount" = 0, "lockedUntil" = null where "userId" = $1',
    [user.id],
  );
  return rowCount ?? 0;
}

/** Forgets the failed attempts from a network address. @returns how many there were */
export async function unlockAddress(auth: pg.Pool, address: string): Promise<number> {
  const { rowCount } = await auth.query('delete from auth.sign_in_failures where subject = $1', [
    addressSubject(address),
  ]);
  return rowCount ?? 0;
}
