namespace LiteBox.North.Memory;

/// <summary>What became of a page fault.</summary>
internal enum FaultResult
{
    /// <summary>The page is there: try again.</summary>
    Resolved,

    /// <summary>No area holds the address (SIGSEGV, SEGV_MAPERR).</summary>
    NotMapped,

    /// <summary>The area does not allow the access (SIGSEGV, SEGV_ACCERR).</summary>
    NotAllowed,

    /// <summary>Beyond the end of the mapped file (SIGBUS, BUS_ADRERR).</summary>
    BeyondEnd,

    /// <summary>No memory is left.</summary>
    OutOfMemory,
}
