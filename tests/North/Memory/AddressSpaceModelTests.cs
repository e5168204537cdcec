using CsCheck;
using LiteBox.Abi;
using LiteBox.Fake;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Tests.Memory;

/// <summary>Address spaces against the simplest model there is: what each page allows and holds.</summary>
public class AddressSpaceModelTests
{
    private const ulong Base = 0x10_0000;
    private const int Pages = 24;

    public enum Step
    {
        Map,
        Unmap,
        Protect,
        Store,
        Load,
        Discard,
        Move,
        Fork,
        ReturnToParent,
    }

    private static readonly Gen<(Step Step, int Start, int Count, int Other)[]> Programs =
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, Pages - 1], Gen.Int[1, 8], Gen.Int[0, 255]).Array[1, 60];

    [Fact]
    public void Whatever_a_program_does_its_pages_are_what_the_model_says()
    {
        Programs.Sample(
            steps =>
            {
                var machine = new FakeMachine(2048);
                long before = machine.Frames.FreeCount;
                Assert.True(AddressSpace.TryCreate(machine, new ResourceLimits(10), out AddressSpace? space));
                var worlds = new Stack<(AddressSpace Space, Page[] Model)>();
                worlds.Push((space, new Page[Pages]));
                foreach ((Step step, int start, int count, int other) in steps)
                {
                    Apply(worlds, step, start, Math.Min(count, Pages - start), other);
                    Check(machine, worlds.Peek().Space, worlds.Peek().Model);
                }

                while (worlds.TryPop(out (AddressSpace Space, Page[] Model) world))
                {
                    Check(machine, world.Space, world.Model);
                    world.Space.Release();
                }

                Assert.Equal(before, machine.Frames.FreeCount);
            },
            iter: 3000);
    }

    private static UserAddress At(int page) => new(Base + ((ulong)page << 12));

    private static void Apply(Stack<(AddressSpace Space, Page[] Model)> worlds, Step step, int start, int count, int other)
    {
        (AddressSpace space, Page[] model) = worlds.Peek();
        ulong length = (ulong)count << 12;
        var protection = (PageProtection)(other & 7);
        switch (step)
        {
            case Step.Map:
                Assert.False(space.Map(new MapRequest { Address = At(start), Length = length, Protection = protection, Placement = MapPlacement.Fixed }).IsError);
                model.AsSpan(start, count).Fill(new Page(true, protection, 0));
                break;

            case Step.Unmap:
                Assert.Equal(Errno.None, space.Unmap(At(start), length));
                model.AsSpan(start, count).Clear();
                break;

            case Step.Protect:
                Errno error = space.Protect(At(start), length, protection);
                for (int i = start; i < start + count; i++)
                {
                    if (!model[i].IsMapped)
                    {
                        Assert.Equal(Errno.ENOMEM, error);
                        return;
                    }

                    model[i] = model[i] with { Protection = protection };
                }

                Assert.Equal(Errno.None, error);
                break;

            case Step.Store:
                bool isStored = space.TryWriteBytes(At(start) + 5, [(byte)other]);
                Assert.Equal(model[start].IsMapped && (model[start].Protection & PageProtection.Write) != 0, isStored);
                if (isStored)
                {
                    model[start] = model[start] with { Value = (byte)other };
                }

                break;

            case Step.Load:
                byte[] value = new byte[1];
                bool isLoaded = space.TryReadBytes(At(start) + 5, value);
                Assert.Equal(model[start].IsMapped && model[start].Protection != PageProtection.None, isLoaded);
                Assert.True(!isLoaded || value[0] == model[start].Value);
                break;

            case Step.Discard:
                space.Discard(At(start), length);
                for (int i = start; i < start + count; i++)
                {
                    model[i] = model[i] with { Value = 0 };
                }

                break;

            case Step.Move:
                Move(space, model, start, count, other % Pages);
                break;

            case Step.Fork:
                if (worlds.Count < 4)
                {
                    Assert.True(space.TryCopy(new ResourceLimits(10), out AddressSpace? child));
                    worlds.Push((child, (Page[])model.Clone()));
                }

                break;

            case Step.ReturnToParent:
                if (worlds.Count > 1)
                {
                    worlds.Pop().Space.Release();
                }

                break;
        }
    }

    private static void Move(AddressSpace space, Page[] model, int from, int count, int to)
    {
        bool overlaps = to < from + count && from < to + count;
        bool isOneArea = model[from].IsMapped && space.Areas.Find(At(from))!.End >= At(from + count);
        if (overlaps || to + count > Pages || !isOneArea)
        {
            return;
        }

        ulong length = (ulong)count << 12;
        Assert.False(space.Remap(At(from), length, length, true, At(to), false).IsError);
        model.AsSpan(from, count).CopyTo(model.AsSpan(to));
        model.AsSpan(from, count).Clear();
    }

    private static void Check(FakeMachine machine, AddressSpace space, Page[] model)
    {
        ulong mapped = 0;
        for (int i = 0; i < Pages; i++)
        {
            MemoryArea? area = space.Areas.Find(At(i));
            Assert.Equal(model[i].IsMapped, area is not null);
            mapped += area is null ? 0u : 4096u;
            if (area is null)
            {
                Assert.False(space.PageTable.TryLookup(At(i), out _, out _));
                continue;
            }

            Assert.Equal(model[i].Protection, area.Protection);
            if (space.PageTable.TryLookup(At(i), out Frame frame, out PageProtection protection))
            {
                Assert.Equal(model[i].Value, machine.Frames.Bytes(frame)[5]);
                Assert.Equal(PageProtection.None, protection & ~area.Protection);
                bool isShared = machine.Frames.OwnerCount(frame) > 1;
                Assert.False(isShared && (protection & PageProtection.Write) != 0, "A page that somebody else has may be written.");
            }
            else
            {
                Assert.Equal(0, model[i].Value);
            }
        }

        Assert.Equal(mapped, space.MappedBytes);
        for (int i = 1; i < space.Areas.Count; i++)
        {
            Assert.True(space.Areas[i - 1].End <= space.Areas[i].Start);
            Assert.False(space.Areas[i - 1].CanMergeWith(space.Areas[i]), "Neighbours that are alike are one area.");
        }
    }

    private readonly record struct Page(bool IsMapped, PageProtection Protection, byte Value);
}
