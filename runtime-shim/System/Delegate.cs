using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// A method and what it is called on. The compiler knows the fields and the initialisers by name and makes the thunks.
/// </summary>
public abstract class Delegate
{
    private const int MulticastThunk = 0;
    private const int ClosedInstanceThunkOverGenericMethod = 3;

    // A function pointer with this bit is the address of a pair: the code, and the dictionary of its generic arguments.
    private const nint GenericPointerBit = 2;

    internal object? _firstParameter;
    internal object? _helperObject;
    internal nint _extraFunctionPointerOrData;
    internal nint _functionPointer;

    public object? Target => _helperObject is Wrapper[] list ? list[(int)_extraFunctionPointerOrData - 1].Value.Target
        : _firstParameter == (object)this ? _helperObject : _firstParameter;

    public bool HasSingleTarget => _helperObject is not Wrapper[];

    private protected virtual nint GetThunk(int whichThunk) => 0;

    private void InitializeClosedInstance(object? firstParameter, nint functionPointer)
    {
        if (firstParameter == null)
        {
            throw new ArgumentException("A delegate to an instance method has no instance.");
        }

        _functionPointer = functionPointer;
        _firstParameter = firstParameter;
    }

    private void InitializeClosedInstanceSlow(object? firstParameter, nint functionPointer)
    {
        if (firstParameter == null)
        {
            throw new ArgumentException("A delegate to an instance method has no instance.");
        }

        InitializeClosedInstanceWithoutNullCheck(firstParameter, functionPointer);
    }

    private void InitializeClosedInstanceWithoutNullCheck(object? firstParameter, nint functionPointer)
    {
        if ((functionPointer & GenericPointerBit) == 0)
        {
            _functionPointer = functionPointer;
            _firstParameter = firstParameter;
            return;
        }

        _firstParameter = this;
        _functionPointer = GetThunk(ClosedInstanceThunkOverGenericMethod);
        _extraFunctionPointerOrData = functionPointer;
        _helperObject = firstParameter;
    }

    private void InitializeClosedInstanceToInterface(object? firstParameter, nint dispatchCell)
    {
        if (firstParameter == null)
        {
            throw new NullReferenceException();
        }

        _functionPointer = Internal.Runtime.InterfaceDispatch.ResolveMethod(firstParameter, dispatchCell);
        _firstParameter = firstParameter;
    }

    private void InitializeClosedStaticThunk(object? firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _extraFunctionPointerOrData = functionPointer;
        _helperObject = firstParameter;
        _functionPointer = functionPointerThunk;
        _firstParameter = this;
    }

    private void InitializeOpenStaticThunk(object? firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _firstParameter = this;
        _functionPointer = functionPointerThunk;
        _extraFunctionPointerOrData = functionPointer;
    }

    public static Delegate? Combine(Delegate? first, Delegate? second)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        int firstCount = first.CountTargets();
        int secondCount = second.CountTargets();
        Wrapper[] list = new Wrapper[firstCount + secondCount];
        first.CopyTargets(list, 0);
        second.CopyTargets(list, firstCount);
        return first.NewMulticast(list, list.Length);
    }

    public static Delegate? Combine(params Delegate?[]? delegates)
    {
        Delegate? all = null;
        foreach (Delegate? one in delegates ?? [])
        {
            all = Combine(all, one);
        }

        return all;
    }

    /// <summary>Takes the last occurrence of a delegate's targets, in their order, from another's.</summary>
    public static Delegate? Remove(Delegate? source, Delegate? value)
    {
        if (source is null || value is null)
        {
            return source;
        }

        int count = source.CountTargets();
        int removed = value.CountTargets();
        Wrapper[] from = new Wrapper[count];
        Wrapper[] what = new Wrapper[removed];
        source.CopyTargets(from, 0);
        value.CopyTargets(what, 0);
        for (int at = count - removed; at >= 0; at--)
        {
            if (Matches(from, at, what))
            {
                return source.WithoutTargets(from, at, removed);
            }
        }

        return source;
    }

    public Delegate[] GetInvocationList()
    {
        Wrapper[] list = new Wrapper[CountTargets()];
        CopyTargets(list, 0);
        Delegate[] result = new Delegate[list.Length];
        for (int i = 0; i < list.Length; i++)
        {
            result[i] = list[i].Value;
        }

        return result;
    }

    public override bool Equals(object? obj)
    {
        if (obj is not Delegate other || this.GetMethodTableAddress() != other.GetMethodTableAddress())
        {
            return false;
        }

        if ((object)this == obj)
        {
            return true;
        }

        if (_helperObject is not Wrapper[] mine)
        {
            return other._helperObject is not Wrapper[] && HasSameTarget(other);
        }

        if (other._helperObject is not Wrapper[] theirs || _extraFunctionPointerOrData != other._extraFunctionPointerOrData)
        {
            return false;
        }

        for (int i = 0; i < (int)_extraFunctionPointerOrData; i++)
        {
            if (!mine[i].Value.Equals(theirs[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    public override int GetHashCode() => (int)(_functionPointer ^ (_extraFunctionPointerOrData >> 1));

    public static bool operator ==(Delegate? left, Delegate? right) =>
        left is null ? right is null : (object)left == right || left.Equals(right);

    public static bool operator !=(Delegate? left, Delegate? right) => !(left == right);

    private bool HasSameTarget(Delegate other)
    {
        // Open and static delegates point at themselves, so that their first parameters always differ.
        bool sameFirst = _firstParameter == (object)this ? other._firstParameter == (object)other : _firstParameter == other._firstParameter;
        return sameFirst && _functionPointer == other._functionPointer && _helperObject == other._helperObject
            && _extraFunctionPointerOrData == other._extraFunctionPointerOrData;
    }

    private nint GetMethodTableAddress()
    {
        unsafe
        {
            return (nint)this.GetMethodTable();
        }
    }

    private static bool Matches(Wrapper[] list, int at, Wrapper[] what)
    {
        for (int i = 0; i < what.Length; i++)
        {
            if (!list[at + i].Value.Equals(what[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    private Delegate? WithoutTargets(Wrapper[] list, int at, int removed)
    {
        int left = list.Length - removed;
        if (left == 0)
        {
            return null;
        }

        Wrapper[] rest = new Wrapper[left];
        Array.Copy(list, 0, rest, 0, at);
        Array.Copy(list, at + removed, rest, at, left - at);
        return left == 1 ? rest[0].Value : NewMulticast(rest, left);
    }

    private int CountTargets() => _helperObject is Wrapper[] ? (int)_extraFunctionPointerOrData : 1;

    private void CopyTargets(Wrapper[] list, int at)
    {
        if (_helperObject is Wrapper[] mine)
        {
            Array.Copy(mine, 0, list, at, (int)_extraFunctionPointerOrData);
        }
        else
        {
            list[at].Value = this;
        }
    }

    private Delegate NewMulticast(Wrapper[] list, int count)
    {
        unsafe
        {
            // SAFETY: the new object has this one's type, so it is a delegate.
            Delegate all = Unsafe.As<Delegate>(Internal.Runtime.Allocator.New(this.GetMethodTable()));
            all._functionPointer = GetThunk(MulticastThunk);
            all._firstParameter = all;
            all._helperObject = list;
            all._extraFunctionPointerOrData = count;
            return all;
        }
    }

    /// <summary>A delegate in an array without the cost of an array's type check. The multicast thunk knows this layout.</summary>
    internal struct Wrapper
    {
        public Delegate Value;
    }
}

public abstract class MulticastDelegate : Delegate;
