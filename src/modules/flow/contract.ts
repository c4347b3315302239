/** What other modules and screens may read of the agreements. */
export * from './agreements/contract.ts';
