import '@fontsource-variable/inter/index.css';
import '../../ui/tokens.css';
// In a layer of its own: whatever order the files of pages come in, the styles of our parts stand above it.
import '@mantine/core/styles.layer.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Translate } from '../../kernel/messages.ts';
import { ApiProblem, requestContext } from '../../ui/api.ts';
import { ServicesProvider } from '../../ui/services.tsx';
import { theme } from '../../ui/theme.ts';
import { type Language, WordsProvider } from '../../ui/words.tsx';
import { loadTranslator } from './messages.ts';
import { router } from './router.tsx';
import { services } from './services.ts';
import { useSessionQuery } from './session.tsx';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal is final; a lost connection is tried again.
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && error.status === 0,
    },
  },
});

/** The language of the person once signed in, of the browser before. */
function Speaking() {
  const session = useSessionQuery();
  const language: Language = session.data?.user.language ?? preferred();
  const [spoken, setSpoken] = useState<{ language: Language; t: Translate } | null>(null);
  useEffect(() => {
    let current = true;
    document.documentElement.lang = language;
    requestContext.language = language;
    loadTranslator(language).then((t) => current && setSpoken({ language, t }));
    return () => {
      current = false;
    };
  }, [language]);
  if (!spoken || session.isPending) return null;
  return (
    <WordsProvider language={spoken.language} t={spoken.t}>
      <ServicesProvider services={services}>
        <RouterProvider router={router} />
      </ServicesProvider>
    </WordsProvider>
  );
}

const preferred = (): Language =>
  (['fr', 'nl', 'en'] as const).find((code) => navigator.language.startsWith(code)) ?? 'fr';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} forceColorScheme="light">
      <QueryClientProvider client={client}>
        <Speaking />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
