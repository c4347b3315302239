/** What other modules may call: making a letter or minutes from a template. */
export { makeDocument } from './actions/make-document.ts';
/** A document set without being kept: what will be made, before it is. */
export { typeset } from './typesetter.ts';
