namespace LiteBox.North.Files;

/// <summary>A descriptor for a place in the tree and nothing else (open(2), O_PATH).</summary>
internal sealed class PathOnlyFile : OpenFile
{
    public PathOnlyFile(in Location location, int flags)
        : base(location, flags)
    {
    }
}
