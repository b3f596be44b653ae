const DATABASE = 'ppe-pulse';
const STORE = 'picture';
const KEY = 'last';
/** A damaged profile never answers: a reload after an update would wait for ever, pictures pile up. */
const DEADLINE_MS = 20_000;

/** The browser's keeping of one picture. Never rejects: a wall without storage lives all the same. */
export interface PictureStore {
  read(): Promise<unknown>;
  write(picture: object): Promise<void>;
}

/** IndexedDB: it takes megabytes without holding up the page. One that does not answer is asked no more. */
export function pictureStore(): PictureStore {
  let isHung = false;
  const ask = async (...of: Parameters<typeof inStore>): Promise<unknown> => {
    if (isHung) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        isHung = true;
        resolve(undefined);
      }, DEADLINE_MS);
    });
    const answer = await Promise.race([inStore(...of), late]);
    clearTimeout(timer);
    return answer;
  };
  return {
    read: () => ask('readonly', (store) => store.get(KEY)),
    write: async (picture) => {
      await ask('readwrite', (store) => store.put(picture, KEY));
    },
  };
}

async function inStore(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  let database: IDBDatabase | undefined;
  try {
    database = await open();
    const request = use(database.transaction(STORE, mode).objectStore(STORE));
    return await answerOf(request);
  } catch {
    // Storage is full, forbidden or damaged: there is no picture.
    return undefined;
  } finally {
    database?.close();
  }
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
  return (await answerOf(request)) as IDBDatabase;
}

function answerOf(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('storage failed')));
  });
}
