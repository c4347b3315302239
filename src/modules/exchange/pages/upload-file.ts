import { ApiProblem, addressOf, contextHeaders } from '../../../ui/api.ts';
import { type ImportRecord, sendFile } from '../contract.ts';
import type { ImportKindName } from '../rules/fields.ts';

/** Bytes a file may have; the server measures too. */
export const largestUpload = 512 * 1024 * 1024;

export const acceptedExtensions = ['csv', 'txt', 'tsv', 'xlsx'] as const;

/**
 * Why a file need not even be sent: the code of the refusal the server would answer. A name without an extension says
 * nothing: the server then looks.
 */
export function refusalOf(file: Pick<File, 'name' | 'size'>): { code: string; params?: Record<string, number> } | null {
  const extension = /\.([^.\s]+)$/.exec(file.name)?.[1]?.toLowerCase();
  if (extension === 'xls') return { code: 'E-IMPORT-OLD-EXCEL' };
  if (extension && !acceptedExtensions.some((accepted) => accepted === extension)) {
    return { code: 'E-IMPORT-UNREADABLE' };
  }
  if (file.size === 0) return { code: 'E-IMPORT-EMPTY' };
  if (file.size > largestUpload) return { code: 'E-IMPORT-SIZE', params: { megabytes: largestUpload / 1024 / 1024 } };
  return null;
}

/**
 * Sends a file and says how far it is; `fetch` does not tell.
 * @param onSent called with the bytes that left
 * @throws ApiProblem, also when the connection is lost; the reason of the signal when it is given up
 */
export function uploadFile(
  kind: ImportKindName,
  file: File,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<ImportRecord> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', addressOf(sendFile, {}, { kind, name: file.name.slice(-200) }));
    for (const [name, value] of Object.entries(contextHeaders())) request.setRequestHeader(name, value);
    // What the file is, its content says: browsers name the type of a CSV file after the programs installed.
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as ImportRecord);
      else reject(problemOf(request));
    };
    request.onerror = () => reject(new ApiProblem({ status: 0, code: 'E-NETWORK-01', title: '', detail: '' }));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function problemOf(request: XMLHttpRequest): ApiProblem {
  const isProblem = request.getResponseHeader('content-type')?.includes('problem+json');
  return new ApiProblem(
    isProblem
      ? JSON.parse(request.responseText)
      : { status: request.status, code: 'E-NETWORK-02', title: '', detail: '' },
  );
}
