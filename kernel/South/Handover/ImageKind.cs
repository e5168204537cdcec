namespace LiteBox.South.Handover;

/// <summary>
/// Which of the two images this is (docs/build.md). SECURITY: a release image says nothing of its own to the host: no log, no report, no symbols, no console that the
/// measured command line does not ask for (T64). What is left out of it is left out by the compiler, so the two measure differently.
/// </summary>
internal static class ImageKind
{
#if DEBUG_IMAGE
    /// <summary>True in the image that talks.</summary>
    internal static bool IsDebug => true;
#else
    /// <summary>True in the image that talks.</summary>
    internal static bool IsDebug => false;
#endif
}
