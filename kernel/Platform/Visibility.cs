using System.Runtime.CompilerServices;

// A South keeps the places of armed timers and of wait entries in the objects themselves.
[assembly: InternalsVisibleTo("LiteBox.South")]
[assembly: InternalsVisibleTo("LiteBox.South.Tests")]
[assembly: InternalsVisibleTo("LiteBox.Fake")]
