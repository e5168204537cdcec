namespace System.Runtime;

/// <summary>Where the compiler looks for the check of stores into arrays of several dimensions.</summary>
internal static class RuntimeImports
{
    internal static void RhCheckArrayStore(object array, object? value) => TypeCast.CheckArrayStore(array, value!);
}
