/** What other modules may call: making a letter or minutes from a template. */
export { makeDocument } from './actions/make-document.ts';
