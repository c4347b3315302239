import { Understand } from '../../modules/flow/steering/pages/understand.tsx';
import { loadFurtherMessages } from './messages.ts';
import classes from './page-help.module.css';

await loadFurtherMessages();

/** What a page counts, from which text, and how: below it. */
export default function PageHelp({ topic }: { topic: string }) {
  return (
    <div className={classes.help}>
      <Understand key={topic} topic={topic} />
    </div>
  );
}
