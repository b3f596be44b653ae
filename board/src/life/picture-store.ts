const DATABASE = 'ppe-pulse';
const STORE = 'picture';
const KEY = 'last';

/** The browser's keeping of one picture. Never rejects: a wall without storage lives all the same. */
export interface PictureStore {
  read(): Promise<unknown>;
  write(picture: object): Promise<void>;
}

/** IndexedDB: it takes megabytes without holding up the page. */
export function pictureStore(): PictureStore {
  return {
    read: () => inStore('readonly', (store) => store.get(KEY)),
    write: async (picture) => {
      await inStore('readwrite', (store) => store.put(picture, KEY));
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
