/** Into full screen or out of it; a browser that refuses leaves everything as it is. */
export async function toggleFullscreen(page: Document): Promise<void> {
  try {
    if (page.fullscreenElement) await page.exitFullscreen();
    else await page.documentElement.requestFullscreen();
  } catch {
    // Asked without a person's press, or forbidden here.
  }
}
