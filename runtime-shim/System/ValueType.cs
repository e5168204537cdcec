namespace System;

/// <summary>The base of all structs. A struct that is compared overrides Equals: without reflection there is no field-wise default.</summary>
public abstract class ValueType
{
    public override bool Equals(object? obj) => throw new NotSupportedException("A struct that is compared must override Equals.");

    public override int GetHashCode() => throw new NotSupportedException("A struct that is hashed must override GetHashCode.");
}
