import { Crumbs } from './crumbs.tsx';
import { Page, ProblemAlert, problemTitle } from './parts.tsx';
import { useWords } from './words.tsx';

/** In place of a page that cannot be shown: the refusal is its title. */
export function ProblemPage({ problem, onRetry }: { problem: unknown; onRetry?: () => void }) {
  const { t } = useWords();
  const title = problemTitle(problem, t);
  return (
    <Page title={title}>
      <Crumbs title={title} />
      <ProblemAlert problem={problem} onRetry={onRetry} untitled />
    </Page>
  );
}
